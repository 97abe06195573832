"""The VO2 neuron for snnTorch: drive voltage in, spikes out at the rate that its transfer curve gives.

    w' = (v - w) / tau          the adder's low-pass; none where tau is 0
    phase' = f(w)               the transfer curve; a spike at each whole number

Both are solved exactly for a drive that is constant over a time step: w by its exponential, the phase with the mean of
w. So the rate is the curve's whatever the step, and a step that is longer than the interval between spikes counts
several. The phase outlasts un-firing and latched times.
"""

from math import exp
from typing import NamedTuple, NoReturn

import snntorch
import torch
from snntorch import surrogate
from torch import Tensor

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.rate import Rate
from neurokit.snn.sequence import Surrogate
from neurokit.spikes.transfer import TransferCurve


class Vo2State(NamedTuple):
    """What a neuron carries from step to step."""

    drive: Tensor  # V, behind the low-pass
    phase: Tensor  # of the cycle, 0 to 1


class NoLeak:
    """What a layer has for beta: snnTorch's export to NIR, which would write a leaky neuron, ends here."""

    def detach(self) -> NoReturn:
        raise NeurokitError(
            "snnTorch would write VO2 neurons to NIR as leaky ones, without their curve: "
            "`neurokit export RESULT --format nir` and neurokit.snn.nir_export keep it"
        )


class Vo2(snntorch.Leaky):  # type: ignore[misc]  # snnTorch has no annotations
    """A layer of VO2 neurons; `forward(drive, state)` gives spikes and the next state, and keeps nothing itself.

    It is a `snntorch.Leaky` without leak whose input passes through the curve. Unlike every other, it is not kept in
    snnTorch's list of all neurons of the process.
    """

    beta: NoLeak

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
        del self.beta
        self.beta = NoLeak()
        self.dt, self.tau = dt, tau  # s
        self.rate = Rate(curve, width)

    def forward(self, v: Tensor, state: Vo2State | None = None) -> tuple[Tensor, Vo2State]:
        """Spikes of one step; without a state the neurons begin with empty phase behind a settled low-pass."""
        before = Vo2State(v, torch.zeros_like(v)) if state is None else state
        drive, mean = v, v
        if self.tau > 0:
            kept = exp(-self.dt / self.tau)
            drive = v + (before.drive - v) * kept
            mean = v + (before.drive - v) * (self.tau / self.dt * (1 - kept))
        phase = before.phase + self.rate(mean) * self.dt
        further = (torch.floor(phase) - 1).clamp(min=0).detach()  # spikes beyond the first in this step
        spikes = self.spike_grad(phase - 1) + further
        return spikes, Vo2State(drive, phase - spikes)

    def get_extra_state(self) -> Tensor:
        """The times, for `state_dict`; the curve is in that of `rate`."""
        return torch.tensor([self.dt, self.tau], dtype=torch.float64)

    def set_extra_state(self, state: Tensor) -> None:
        """The same back again."""
        self.dt, self.tau = state.tolist()
