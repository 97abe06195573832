"""The VO2 neuron for snnTorch: drive voltage in, spikes out at the rate that its transfer curve gives.

    w' = (v - w) / tau          the adder's low-pass; none where tau is 0
    phase' = f(w)               the transfer curve; a spike at each whole number

Both are solved exactly for a drive that is constant over a time step: w by its exponential, the phase with the mean of
w. So the rate is the curve's whatever the step, and a step that is longer than the interval between spikes counts
several. The phase outlasts un-firing and latched times.
"""

from collections.abc import Callable
from math import exp
from typing import NamedTuple

import snntorch
import torch
from snntorch import surrogate
from torch import Tensor

from neurokit.errors import OutOfRangeError
from neurokit.snn.rate import RateTable, rate, rate_table
from neurokit.spikes.transfer import TransferCurve

Surrogate = Callable[[Tensor], Tensor]


class Vo2State(NamedTuple):
    """What a neuron carries from step to step."""

    drive: Tensor  # V, behind the low-pass
    phase: Tensor  # of the cycle, 0 to 1


def vo2_step(
    v: Tensor, state: Vo2State, table: RateTable, dt: float, tau: float, fire: Surrogate
) -> tuple[Tensor, Vo2State]:
    """One time step (s) of neurons at these drives (V): how often each spikes, and their state after it."""
    drive, mean = v, v
    if tau > 0:
        kept = exp(-dt / tau)
        drive = v + (state.drive - v) * kept
        mean = v + (state.drive - v) * (tau / dt * (1 - kept))
    phase = state.phase + rate(mean, table) * dt
    further = (torch.floor(phase) - 1).clamp(min=0).detach()  # spikes beyond the first in this step
    spikes = fire(phase - 1) + further
    return spikes, Vo2State(drive, phase - spikes)


class Vo2(snntorch.Leaky):  # type: ignore[misc]  # snnTorch has no annotations
    """A layer of VO2 neurons; `forward(drive, state)` gives spikes and the next state, and keeps nothing itself.

    It is a `snntorch.Leaky` without leak whose input passes through the curve. Unlike every other, it is not kept in
    snnTorch's list of all neurons of the process.
    """

    def __init__(
        self,
        curve: TransferCurve,
        dt: float,
        *,
        tau: float = 0.0,
        width: float = 1.0,
        spike_grad: Surrogate | None = None,
    ) -> None:
        if not dt > 0 or not tau >= 0:
            raise OutOfRangeError(f"dt = {dt} s must be above 0 and tau = {tau} s at least 0")
        fire = spike_grad or surrogate.straight_through_estimator()
        super().__init__(beta=1.0, threshold=1.0, spike_grad=fire, reset_delay=False)
        snntorch.SpikingNeuron.instances.remove(self)
        self.dt, self.tau = dt, tau  # s
        self._set(rate_table(curve, width))

    @property
    def table(self) -> RateTable:
        """The curve, on the device of the module."""
        return RateTable(*self._ends, self.curve_v, self.curve_f, *self._slope, self.curve_slope, self._width)

    def forward(self, v: Tensor, state: Vo2State | None = None) -> tuple[Tensor, Vo2State]:
        """Spikes of one step; without a state the neurons begin with empty phase behind a settled low-pass."""
        known = Vo2State(v, torch.zeros_like(v)) if state is None else state
        return vo2_step(v, known, self.table, self.dt, self.tau, self.spike_grad)

    def get_extra_state(self) -> Tensor:
        """The numbers beside the curve's tensors, for `state_dict`."""
        return torch.tensor([*self._ends, *self._slope, self._width, self.dt, self.tau], dtype=torch.float64)

    def set_extra_state(self, state: Tensor) -> None:
        """The same back again."""
        on, off, start, step, width, self.dt, self.tau = state.tolist()
        self._ends, self._slope, self._width = (on, off), (start, step), width

    def _set(self, table: RateTable) -> None:
        self.register_buffer("curve_v", table.v)
        self.register_buffer("curve_f", table.f)
        self.register_buffer("curve_slope", table.slope)
        self._ends, self._slope = (table.v_on, table.v_off), (table.slope_start, table.slope_step)
        self._width = table.width
