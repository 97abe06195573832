"""Wishes to film, x, series resistance and capacitance. Nothing is here yet."""
