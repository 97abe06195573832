"""What the models of a film must reach: published figures beside the model's, a file for each process."""

from neurokit.vacancy.checks.anneal import anneal_checks
from neurokit.vacancy.checks.check import Check
from neurokit.vacancy.checks.overlayer import directional_checks, overlayer_checks
from neurokit.vacancy.checks.spectra import spectra_checks
from neurokit.vacancy.checks.tip import tip_checks

__all__ = ["Check", "anneal_checks", "directional_checks", "overlayer_checks", "spectra_checks", "tip_checks"]
