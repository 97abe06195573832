"""Oxygen deficiency x to a compact device: parameters, equations, closed-form analysis, export."""

from neurokit.device.film import Film
from neurokit.device.vo2x import DEVICES, FILMS, MEASURED_THRESHOLDS, Vo2x, device_label

__all__ = ["DEVICES", "FILMS", "MEASURED_THRESHOLDS", "Film", "Vo2x", "device_label"]
