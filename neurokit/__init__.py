"""neurokit: from oxygen deficiency in VO2-x to neuron circuits in ngspice and spiking networks."""

__version__ = "0.1.0"
