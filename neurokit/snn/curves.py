"""The curve of a network's neurons, measured in ngspice when it is asked for; and how much their intervals differ."""

from dataclasses import replace
from math import sqrt
from statistics import fmean

from neurokit.circuits.neuron import NeuronCircuit
from neurokit.circuits.values import si_text
from neurokit.device.vo2x import device_label
from neurokit.errors import NeurokitError
from neurokit.simulation import engine
from neurokit.simulation.engine import Simulate
from neurokit.snn.settings import Settings
from neurokit.spikes.regime import Regime
from neurokit.spikes.transfer import TransferCurve
from neurokit.spikes.transfer_measure import Placement, transfer_curve

NOISY_POINTS = 8  # drives, evenly over the oscillating range, at which intervals are looked at
INSIDE = 0.1  # of that range, left out on either side: there noise ends the oscillation itself


def measured_curve(settings: Settings, simulate: Simulate = engine.simulate) -> TransferCurve:
    """The curve of the settings' neuron; NeurokitError if some of its points failed or it does not oscillate."""
    neuron = settings.neuron
    circuit = f"{si_text(neuron.r_series, 'Ohm', 3)}, {si_text(neuron.capacitance, 'F', 3)}, {settings.temperature:g} K"
    curve = transfer_curve(neuron, label=f"{device_label(settings.device)}, {circuit}", simulate=simulate)
    for point in curve.failures:
        raise NeurokitError(f"the curve of {curve.label} could not be measured at {point.v_in:g} V: {point.message}")
    if curve.oscillating is None:
        raise NeurokitError(f"{curve.label} never oscillates: take a larger r_series or a smaller device")
    return curve


def interval_spread(
    neuron: NeuronCircuit, curve: TransferCurve, noise: float, seed: int = 1, simulate: Simulate = engine.simulate
) -> float:
    """The relative standard deviation of intervals between spikes of this neuron with threshold noise, in ngspice.

    It is the root mean square over drives: noise in the device as the Monte Carlo of a sweep has it.
    """
    if noise == 0 or curve.oscillating is None:
        return 0.0
    low, high = curve.oscillating.span
    inside = Placement(even=NOISY_POINTS, v_range=(low + INSIDE * (high - low), high - INSIDE * (high - low)))
    noisy = replace(neuron, device=replace(neuron.device, noise=noise, seed=float(seed)))
    spreads = []
    for point in transfer_curve(noisy, placement=inside, simulate=simulate).readable:
        if point.regime is Regime.OSCILLATING:
            intervals = 1 / (1 - point.confidence) - 2  # the rule of succession, by which a noisy regime is known
            spreads.append(point.frequency_error / point.frequency * intervals**0.5)
    if not spreads:
        raise NeurokitError(f"with threshold noise of {noise:g} {curve.label} oscillates at no drive: take less noise")
    return sqrt(fmean(spread**2 for spread in spreads))
