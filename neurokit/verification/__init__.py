"""Trained networks back into circuits: the parts that make their weights, and what those parts make of them."""
