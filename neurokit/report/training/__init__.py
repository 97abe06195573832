"""Figures of trained networks, one a file: the panels of the paper's figure 4, and what circuits do to accuracy."""
