"""Oxygen deficiency x to a compact device: parameters, equations, closed-form analysis, export."""
