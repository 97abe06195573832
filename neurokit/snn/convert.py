"""An ordinary snnTorch network as one of VO2 neurons: a copy in which each `snntorch.Leaky` gives way to a `Vo2Leaky`.

    current i -> drive v = v_on + (v_top - v_on) (i - (1 - beta) threshold) / threshold -> rate f(v)

Under a constant current a Leaky fires from (1 - beta) threshold on, and one threshold above that, in every step. These
two currents become the onset of the curve and the voltage of its highest rate: a layer is silent where it was silent,
and with dt = 1 / f_max both fire in every step at the other end. Between them the rates are the curve's, which jumps at
its onset; beyond them the VO2 neuron slows down and latches where a Leaky goes on. So train after converting.
"""

import weakref
from copy import deepcopy
from typing import Any

import snntorch
import torch
from torch import Tensor, nn

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.snn.neuron import Vo2, Vo2State
from neurokit.snn.rate import Rate
from neurokit.spikes.transfer import TransferCurve

LONGEST = 1 - 1e-6  # intervals between the fastest spikes: a step holds no more than one


def converted(
    network: nn.Module, curve: TransferCurve, dt: float | None = None, *, tau: float = 0.0, width: float = 1.0
) -> nn.Module:
    """A copy with VO2 neurons in place of every Leaky; weights are copied, and the forward loop stays as it is.

    `dt` is the time in s that a step stands for, by default 1 / f_max, in which the fastest neuron spikes once; with a
    much shorter one it takes many steps until anything spikes at all. `tau` is the low-pass before each neuron, `width`
    that of the trained slope in V. Each layer keeps its surrogate gradient.
    """
    replaced = _leaky_layers(network)
    dt = LONGEST / Rate(curve, width).f_max if dt is None else dt
    memo: dict[int, Any] = {id(layer): Vo2Leaky(layer, curve, dt, tau=tau, width=width) for layer in replaced.values()}
    try:
        return deepcopy(network, memo)
    except RuntimeError as error:
        raise NeurokitError(
            f"the network cannot be copied ({error}): it keeps tensors of a forward pass; convert it before the first, "
            "or detach them"
        ) from None


class Vo2Leaky(Vo2):
    """VO2 neurons that are called as the Leaky they replace: dimensionless current in, `mem` as its state.

    `mem` is the phase of the cycle, with the input's shape; with a low-pass it has one more dimension in front, of two:
    the low-passed drive relative to that of no current, and the phase. Zeros are the neuron at rest. Spikes are 0 or 1.
    A loss on `mem` means little, as the phase begins anew with each spike: take one on spikes.

    Like a Leaky it keeps its last `mem`, and `snntorch.utils.reset` finds it: snnTorch's list of all neurons holds it
    weakly, so it goes when the network goes.
    """

    mem: Tensor
    i_onset: Tensor
    i_span: Tensor  # so much above it is the current of the highest rate

    def __init__(
        self, replaced: snntorch.Leaky, curve: TransferCurve, dt: float, *, tau: float = 0.0, width: float = 1.0
    ) -> None:
        super().__init__(curve, dt, tau=tau, width=width, spike_grad=replaced.spike_grad)
        if self.rate.f_max * dt > 1:
            raise OutOfRangeError(
                f"dt = {dt:.3g} s is longer than the shortest interval between spikes, {1 / self.rate.f_max:.3g} s, "
                "and a step of a Leaky has one spike at most: take a smaller one"
            )
        threshold = replaced.threshold.detach().to(replaced.mem.dtype)
        self.register_buffer("i_onset", (1 - replaced.beta.detach().clamp(0, 1)) * threshold)
        self.register_buffer("i_span", threshold.clone())
        self.init_hidden, self.output = replaced.init_hidden, replaced.output
        self.train(replaced.training)
        self.to(replaced.mem)
        _list_weakly(self)

    def forward(self, current: Tensor, mem: Tensor | None = None) -> Any:  # type: ignore[override]  # a Leaky's
        """Spikes and `mem`; spikes alone where the layer hides its state and does not put it out."""
        if self.init_hidden and mem is not None:
            raise TypeError("`mem` should not be passed as an argument while `init_hidden=True`")
        spikes, after = super().forward(self.volts(current), self._state(current, self.mem if mem is None else mem))
        at_rest = self.volts(torch.zeros_like(current))
        self.mem = torch.stack([after.drive - at_rest, after.phase]) if self.tau > 0 else after.phase
        return spikes if self.init_hidden and not self.output else (spikes, self.mem)

    def volts(self, current: Tensor) -> Tensor:
        """The drive of a current."""
        v_on, v_top = self.rate.v_on, self.rate.v_top
        return v_on + (v_top - v_on) * (current - self.i_onset) / self.i_span

    def _state(self, current: Tensor, mem: Tensor) -> Vo2State:
        """What `mem` says; at rest where it does not have the shape for this current, as in a Leaky."""
        at_rest = self.volts(torch.zeros_like(current))
        if self.tau > 0 and mem.shape == (2, *current.shape):
            return Vo2State(at_rest + mem[0], mem[1])
        if self.tau == 0 and mem.shape == current.shape:
            return Vo2State(at_rest, mem)
        return Vo2State(at_rest, torch.zeros_like(current))

    def __getstate__(self) -> dict[str, Any]:
        """For copies: `mem` without the graph of the last forward pass, which cannot be copied."""
        return self.__dict__ | {"_buffers": self._buffers | {"mem": self.mem.detach()}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        _list_weakly(self)


def _leaky_layers(network: nn.Module) -> dict[str, snntorch.Leaky]:
    """Every Leaky by its name, once; what cannot be converted is refused."""
    found = {}
    for name, layer in network.named_modules():
        if isinstance(layer, Vo2) or not isinstance(layer, snntorch.SpikingNeuron):
            continue
        if reason := _hindrance(layer):
            raise NeurokitError(f"{f'layer {name!r}' if name else 'the network'} is a {type(layer).__name__} {reason}")
        found[name] = layer
    if not found:
        raise NeurokitError("the network has no snntorch.Leaky that could give way to VO2 neurons")
    return found


def _hindrance(layer: snntorch.SpikingNeuron) -> str:
    """Why a VO2 neuron cannot stand for it, and the way out; empty if it can."""
    if type(layer) is not snntorch.Leaky:
        return "and only snntorch.Leaky itself has a counterpart of VO2: put a Leaky there"
    if layer.inhibition:
        return "with inhibition, and VO2 neurons do not know of each other: leave out inhibition=True"
    if isinstance(layer.beta, nn.Parameter) or isinstance(layer.threshold, nn.Parameter):
        return "whose beta or threshold is learned, and the curve is fixed: leave out learn_beta and learn_threshold"
    if layer.reset_mechanism != "subtract":
        return f"with reset_mechanism={layer.reset_mechanism!r}, and the phase goes back by one: take 'subtract'"
    if isinstance(layer.graded_spikes_factor, nn.Parameter) or bool((layer.graded_spikes_factor != 1).any()):
        return "with graded spikes, and VO2 spikes are all the same: put the factor into the next layer's weights"
    if layer.state_quant:
        return "with state_quant, and a phase has no levels: leave it out"
    if not bool((layer.threshold > 0).all()):
        return f"with threshold {layer.threshold.tolist()}, which gives currents no scale: it must be above 0"
    return ""


def _list_weakly(layer: Vo2Leaky) -> None:
    """`snntorch.utils.reset` knows only its own global list, which would keep the layer forever."""
    stand_in = weakref.proxy(layer)
    snntorch.SpikingNeuron.instances.append(stand_in)
    weakref.finalize(layer, _unlist, stand_in).atexit = False


def _unlist(stand_in: Any) -> None:
    # by identity: to compare what is dead already raises
    snntorch.SpikingNeuron.instances[:] = [each for each in snntorch.SpikingNeuron.instances if each is not stand_in]
