"""A transfer curve as a torch module: the drive in volts, the rate in hertz, with a gradient that can be trained.

Forward it is the curve, with its jumps where the neuron begins to fire and where it latches. There its slope is
singular, and training with it kills whole classes of outputs; so backward it is the slope of the curve averaged over a
width of voltage, as neurons whose thresholds spread by that width would have it.

What drives a neuron stays between 0 and the adders' supply. A supply below the voltage that latches a neuron keeps it
from latching; below 0 a neuron would fire backward, as its device is symmetric, so the adder before it has one supply.
"""

from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.spikes.transfer import TransferCurve, unstretched

Floats = NDArray[np.float64]

KNOTS = 4096  # of the curve, closest where it bends, at both ends; with them it is saved
REACH = 16.0  # of the stretched coordinate: beyond it are the boundaries themselves, to 1e-7 of the range
CELLS = 2**17  # evenly spaced, in which the curve is a straight line: a place is found by one multiplication
SLOPE_CELLS = 64  # cells over which the smoothed slope is interpolated
SPEED = 2 / 3  # the power of its relative threshold by which a neuron is faster at as many times the voltage
WIDTHS = 4.0  # of the smoothing on either side of the range: beyond them its slope is nothing


class Rate(nn.Module):
    """The rate in Hz at drives in V, in the dtype and on the device that the module was moved to."""

    curve_f: Tensor  # Hz, at the lower end of each cell
    curve_rise: Tensor  # Hz, to its upper end
    curve_slope: Tensor  # Hz/V in the cell, smoothed
    v_on: float  # V, un-firing below
    v_off: float  # V, latched and silent above
    v_rail: float  # V, highest drive
    v_top: float  # V, where it is fastest below that
    f_max: float  # Hz, there
    width: float  # V, standard deviation of the smoothing

    def __init__(self, curve: TransferCurve, width: float = 1.0, v_rail: float = float("inf")) -> None:
        super().__init__()
        run = curve.oscillating
        if run is None:
            raise NeurokitError(
                f"{curve.label} does not oscillate: take a curve that does, of a larger R_s or smaller x"
            )
        if not width > 0:
            raise OutOfRangeError(f"width = {width} V must be above 0: the slope of the curve itself is singular")
        v_on, v_off = run.span
        if not v_rail > v_on:
            raise OutOfRangeError(f"v_rail = {v_rail} V must be above {v_on:.4g} V, where {curve.label} begins to fire")
        inner = np.asarray(unstretched(np.linspace(-REACH, REACH, KNOTS), v_on, v_off))
        v = np.unique(np.concatenate([[v_on], inner, [v_off]]))
        self._fill(v, np.asarray(run.frequency(v)), width, v_rail)

    def forward(
        self, x: Tensor, threshold: Tensor | None = None, *, low: float = 0.0, span: float = 1.0, gain: float = 1.0
    ) -> Tensor:
        """gain * f(low + span * x): the rate at x as it stands, or of a sum x whose drive is low + span * x.

        With `threshold`, of neurons whose thresholds are so many times the nominal one.
        """
        return cast(Tensor, _Lookup.apply(x, threshold, self, low, span, gain))  # type: ignore[no-untyped-call]

    def get_extra_state(self) -> Tensor:
        """The knots, the width and the rail, for `state_dict`: they make everything else."""
        numbers = torch.tensor([[self.width], [self.v_rail]], dtype=torch.float64)
        return torch.cat([self._knots, numbers], dim=1)

    def set_extra_state(self, state: Tensor) -> None:
        """The same back again."""
        v, f = state[:, :-1].double().cpu().numpy()
        self._fill(v, f, *state[:, -1].tolist())

    def _fill(self, v: Floats, f: Floats, width: float, v_rail: float) -> None:
        self._knots = torch.from_numpy(np.stack([v, f]))
        self.width, self.v_rail, self.v_on, self.v_off = width, v_rail, float(v[0]), float(v[-1])
        reached = _cut(v, f, v_rail)
        top = int(reached[1].argmax())
        self.v_top, self.f_max = float(reached[0][top]), float(reached[1][top])
        edges = np.linspace(self.v_on - WIDTHS * width, self.v_off + WIDTHS * width, CELLS + 1)
        self.start, self.cell = float(edges[0]), float(edges[1] - edges[0])  # V
        at_edges = np.interp(edges, v, f, left=0.0, right=0.0)
        coarse = edges[::SLOPE_CELLS]
        falls = 0.0 if v_rail < self.v_off else f[-1]  # at the end, where it latches
        slope = np.interp(edges[:-1] + self.cell / 2, coarse, _smoothed_slope(coarse, *reached, falls, width))
        for name, values in (("f", at_edges[:-1]), ("rise", np.diff(at_edges)), ("slope", slope)):
            old = getattr(self, f"curve_{name}", torch.empty(0))
            # not among the saved: 2^17 numbers that the knots give again
            self.register_buffer(f"curve_{name}", torch.from_numpy(values).to(old), persistent=False)

    def cell_of(self, place: Tensor) -> Tensor:
        """The cell at a place counted in cells; both outermost ones are silent, and hold what is no number too."""
        return place.int().clamp_(0, CELLS - 1)


class _Lookup(torch.autograd.Function):
    """Scaling is part of it, so that it takes one pass in place each and no graph."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, threshold: Tensor | None, rate: Rate, low: float, span: float, gain: float
    ) -> Tensor:
        ctx.rate, ctx.threshold, ctx.scale = rate, threshold, span * gain
        if threshold is None:
            place = x.detach().mul(span / rate.cell).add_((low - rate.start) / rate.cell)
            cell = rate.cell_of(place)
            ctx.save_for_backward(cell)
            if rate.v_rail < rate.v_off:
                place.clamp_(max=(rate.v_rail - rate.start) / rate.cell)
                cell = rate.cell_of(place)
        else:
            v = x.detach().mul(span).add_(low)
            ctx.save_for_backward(rate.cell_of((v / threshold).sub_(rate.start).div_(rate.cell)))
            place = v.clamp_(max=rate.v_rail).div_(threshold).sub_(rate.start).div_(rate.cell)
            cell = rate.cell_of(place)
        at = cell.view(-1)
        rise = rate.curve_rise.index_select(0, at).view_as(x)
        f = rate.curve_f.index_select(0, at).view_as(x).to(x.dtype).addcmul_(place.frac_(), rise.to(x.dtype)).mul_(gain)
        return f if threshold is None else f.mul_(threshold.pow(SPEED))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None, None, None]:
        (cell,) = ctx.saved_tensors
        slope = ctx.rate.curve_slope.index_select(0, cell.view(-1)).view_as(cell).to(gradients[0].dtype)
        total = slope.mul_(gradients[0]).mul_(ctx.scale)
        if ctx.threshold is not None:
            total.mul_(ctx.threshold.pow(SPEED - 1))
        return total, None, None, None, None, None


def _cut(v: Floats, f: Floats, v_rail: float) -> tuple[Floats, Floats]:
    """The knots below the rail, and that at the rail."""
    if v_rail >= v[-1]:
        return v, f
    below = v < v_rail
    return np.append(v[below], v_rail), np.append(f[below], np.interp(v_rail, v, f))


def _smoothed_slope(at: Floats, v: Floats, f: Floats, falls: float, width: float) -> Floats:
    """The derivative of the curve averaged by a Gauss kernel: of each straight piece in closed form, jumps included."""
    from scipy.special import ndtr

    steps = np.diff(f) / np.diff(v)
    edges = ndtr((at[:, None] - v[None]) / width)
    inside = (edges[:, :-1] - edges[:, 1:]) @ steps
    jumps = f[0] * _gauss(at - v[0], width) - falls * _gauss(at - v[-1], width)
    return np.asarray(inside + jumps)


def _gauss(x: Floats, width: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (x / width) ** 2) / (width * np.sqrt(2 * np.pi)))
