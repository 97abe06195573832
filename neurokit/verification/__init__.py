"""Trained networks back into ngspice. Nothing is here yet."""
