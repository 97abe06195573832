"""Transfer curves to spiking networks. Nothing is here yet."""
