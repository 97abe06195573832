"""Waveforms to numbers: spikes, regimes, transfer curves, energy. Nothing is here yet."""
