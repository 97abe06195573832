"""Whole sequences of spiking neurons in one call a layer: the first dimension is time, no graph grows with it.

`leaky_sequence` is `snntorch.Leaky` with reset by subtraction, step after step: its spikes are the same bit for bit and
its gradients to rounding. `low_pass` is the synapse's, as `neurokit.snn.neuron.Vo2` has it.
"""

from collections.abc import Callable
from math import exp, pi
from typing import Any, cast

import torch
from torch import Tensor

Surrogate = Callable[[Tensor], Tensor]
Slope = Callable[[Tensor], Tensor]  # of a surrogate, at distances above the threshold, which it may overwrite


def atan_slope(alpha: float = 2.0) -> Slope:
    """That of `snntorch.surrogate.atan`."""
    return lambda above: above.mul_(pi * alpha / 2).square_().add_(1).mul_(2 / alpha).reciprocal_()


def fast_sigmoid_slope(slope: float = 25.0) -> Slope:
    """That of `snntorch.surrogate.fast_sigmoid`."""
    return lambda above: above.abs_().mul_(slope).add_(1).square_().reciprocal_()


def slope_of(surrogate: Surrogate) -> Slope:
    """That of any surrogate, by its own backward pass."""

    def slope(above: Tensor) -> Tensor:
        with torch.enable_grad():
            at = above.detach().requires_grad_()
            (found,) = torch.autograd.grad(surrogate(at).sum(), at)
        return found

    return slope


SLOPES: dict[str, Slope | None] = {"straight": None, "atan": atan_slope(), "fast_sigmoid": fast_sigmoid_slope()}


def leaky_sequence(
    current: Tensor, slope: Slope | None, *, beta: float = 1.0, threshold: float = 1.0, reset_delay: bool = True
) -> Tensor:
    """Spikes of neurons that begin at rest, from their input currents; a `slope` of None is 1 everywhere."""
    return cast(Tensor, _Leaky.apply(current, slope, beta, threshold, reset_delay))  # type: ignore[no-untyped-call]


def low_pass(v: Tensor, at_rest: Tensor, dt: float, tau: float) -> Tensor:
    """The mean over each step of voltages behind a low-pass of time constant tau that begins at `at_rest`."""
    if tau == 0:
        return v
    return cast(Tensor, _LowPass.apply(v, at_rest, dt, tau))  # type: ignore[no-untyped-call]


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, current: Tensor, slope: Slope | None, beta: float, threshold: float, reset_delay: bool
    ) -> Tensor:
        membrane, spikes = torch.empty_like(current), torch.empty_like(current)
        state, reset = torch.zeros_like(current[0]), torch.zeros_like(current[0])
        for into, now, fired in zip(current.unbind(), membrane.unbind(), spikes.unbind(), strict=True):
            if beta == 1:
                torch.add(state, into, out=now)
            else:
                torch.mul(state, beta, out=now).add_(into)
            now.sub_(reset, alpha=threshold)
            torch.gt(now, threshold, out=fired)
            if reset_delay:
                state, reset = now, fired
            else:
                torch.sub(now, fired.sub(reset), alpha=threshold, out=state)
                torch.gt(state, threshold, out=reset)
        ctx.slope = slope(membrane.sub_(threshold)) if slope and ctx.needs_input_grad[0] else None
        ctx.constants = beta, threshold, reset_delay
        return spikes

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None]:
        beta, threshold, reset_delay = ctx.constants
        total = gradients[0].clone() if ctx.slope is None else gradients[0] * ctx.slope
        steps = total.unbind()
        if reset_delay:  # detached in snnTorch, so it hands all of the gradient on; the other one what the spike left
            for t in range(len(steps) - 2, -1, -1):
                steps[t].add_(steps[t + 1], alpha=beta)
        elif ctx.slope is not None or threshold != 1:
            left = (1 - threshold * (1.0 if ctx.slope is None else ctx.slope)) * beta
            for t in range(len(steps) - 2, -1, -1):
                steps[t].add_(steps[t + 1] * (left if isinstance(left, float) else left[t]))
        return total, None, None, None, None


class _LowPass(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, v: Tensor, at_rest: Tensor, dt: float, tau: float) -> Tensor:
        kept = exp(-dt / tau)
        of_state = tau / dt * (1 - kept)  # the share of the state before the step in the mean over it
        ctx.constants = kept, of_state
        mean = torch.empty_like(v)
        state = at_rest.expand_as(v[0]).clone()
        for into, out in zip(v.unbind(), mean.unbind(), strict=True):
            torch.lerp(into, state, of_state, out=out)
            state.lerp_(into, 1 - kept)
        return mean

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        kept, of_state = ctx.constants
        total = torch.empty_like(gradients[0])
        state = torch.zeros_like(total[0])
        for above, out in zip(reversed(gradients[0].unbind()), reversed(total.unbind()), strict=True):
            torch.mul(state, 1 - kept, out=out).add_(above, alpha=1 - of_state)
            state.mul_(kept).add_(above, alpha=of_state)
        return total, state, None, None
