"""Transfer curves to spiking networks: data, the neuron. Training is not here yet."""
