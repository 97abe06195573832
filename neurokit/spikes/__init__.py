"""Waveforms to numbers: switching voltages, spikes, energy, regimes, operating points, transfer curves."""
