"""Many simulations: phase diagrams, storage, resume. Nothing is here yet."""
