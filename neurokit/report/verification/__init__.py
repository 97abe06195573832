"""How far a circuit in ngspice and the network that it was made of agree: figures, one a file, and the page of them."""
