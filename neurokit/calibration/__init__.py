"""Measured data to device parameters, with intervals and an account of what is not explained."""
