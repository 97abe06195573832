"""Transfer curves to spiking networks: data, the neuron, training by rate. There is no command for it yet."""
