"""Many simulations: phase diagrams by grid, by their boundaries or guided by the twin; storage, resume, spread."""
