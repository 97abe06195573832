"""Netlist to waveforms: ngspice, PySpice and the compiled twin, with outcomes, causes, pool and cache."""
