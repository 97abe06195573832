"""Measured data to device parameters. Nothing is here yet."""
