"""Whole sequences of spiking neurons in one call a layer: the first dimension is time, no graph grows with it.

`leaky_sequence` is `snntorch.Leaky` with reset by subtraction, step after step: its spikes are the same bit for bit and
its gradients to rounding. `low_pass` is the synapse's, as `neurokit.snn.neuron.vo2_step` has it.
"""

from collections.abc import Callable
from math import exp
from typing import Any, cast

import torch
from torch import Tensor

Surrogate = Callable[[Tensor], Tensor]


def leaky_sequence(
    current: Tensor, fire: Surrogate, *, beta: float = 1.0, threshold: float = 1.0, reset_delay: bool = True
) -> Tensor:
    """Spikes of neurons that begin at rest, from their input currents; `fire` is one of snnTorch's surrogates."""
    return cast(Tensor, _Leaky.apply(current, fire, beta, threshold, reset_delay))  # type: ignore[no-untyped-call]


def low_pass(v: Tensor, at_rest: Tensor, dt: float, tau: float) -> Tensor:
    """The mean over each step of voltages behind a low-pass of time constant tau that begins at `at_rest`."""
    if tau == 0:
        return v
    return cast(Tensor, _LowPass.apply(v, at_rest, dt, tau))  # type: ignore[no-untyped-call]


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, current: Tensor, fire: Surrogate, beta: float, threshold: float, reset_delay: bool
    ) -> Tensor:
        membrane, spikes = torch.empty_like(current), torch.empty_like(current)
        state, reset = torch.zeros_like(current[0]), torch.zeros_like(current[0])
        for t in range(len(current)):
            now = torch.mul(state, beta, out=membrane[t]).add_(current[t]).sub_(reset, alpha=threshold)
            torch.gt(now, threshold, out=spikes[t])
            if reset_delay:
                state, reset = now, spikes[t]
            else:
                state = torch.sub(now, spikes[t].sub(reset), alpha=threshold, out=state)
                torch.gt(state, threshold, out=reset)
        ctx.slope = _slope(fire, membrane.sub_(threshold)) if ctx.needs_input_grad[0] else None
        ctx.constants = beta, threshold, reset_delay
        return spikes

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        beta, threshold, reset_delay = ctx.constants
        total = gradients[0] * ctx.slope
        # a delayed reset is detached in snnTorch, so it hands all of the gradient on; the other one what it left
        share = None if reset_delay else (1 - threshold * ctx.slope).mul_(beta)
        for t in range(len(total) - 2, -1, -1):
            if share is None:
                total[t].add_(total[t + 1], alpha=beta)
            else:
                total[t].addcmul_(total[t + 1], share[t])
        return total, None, None, None, None


class _LowPass(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, v: Tensor, at_rest: Tensor, dt: float, tau: float) -> Tensor:
        kept = exp(-dt / tau)
        of_state = tau / dt * (1 - kept)  # the share of the state before the step in the mean over it
        ctx.constants = kept, of_state
        mean = torch.empty_like(v)
        state = at_rest.expand_as(v[0]).clone()
        for t in range(len(v)):
            torch.lerp(v[t], state, of_state, out=mean[t])
            state.lerp_(v[t], 1 - kept)
        return mean

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        kept, of_state = ctx.constants
        total = torch.empty_like(gradients[0])
        state = torch.zeros_like(total[0])
        for t in range(len(total) - 1, -1, -1):
            torch.mul(state, 1 - kept, out=total[t]).add_(gradients[0][t], alpha=1 - of_state)
            state.mul_(kept).add_(gradients[0][t], alpha=of_state)
        return total, state, None, None


def _slope(fire: Surrogate, above: Tensor) -> Tensor:
    """The surrogate's derivative at these distances from the threshold."""
    with torch.enable_grad():
        at = above.detach().requires_grad_()
        (slope,) = torch.autograd.grad(fire(at).sum(), at)
    return slope
