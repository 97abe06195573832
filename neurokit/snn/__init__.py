"""Transfer curves to spiking networks: data, the neuron, training, what circuits do to a network, NIR."""
