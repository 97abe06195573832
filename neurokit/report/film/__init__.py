"""Figures of how a film gets its oxygen deficiency: each a function from plain data to a Matplotlib figure."""
