"""A transfer curve as a torch function: the drive in volts, the rate in hertz, with a gradient that can be trained.

Forward it is the curve, with its jumps where the neuron begins to fire and where it latches. There its slope is
singular, and training with it kills whole classes of outputs; so backward it is the slope of the curve averaged over a
width of voltage, as neurons whose thresholds spread by that width would have it.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from neurokit.errors import NeurokitError, OutOfRangeError
from neurokit.spikes.transfer import TransferCurve, unstretched

Floats = NDArray[np.float64]

KNOTS = 4096  # between which the curve is a straight line: closest where it bends, at both ends
REACH = 16.0  # of the stretched coordinate: beyond it are the boundaries themselves, to 1e-7 of the range
SLOPES = 2048  # evenly spaced voltages at which the smoothed slope is known
WIDTHS = 4.0  # of the smoothing on either side of the range: beyond them its slope is nothing


@dataclass(frozen=True)
class RateTable:
    """What a torch module needs of a curve."""

    v_on: float  # V, un-firing below
    v_off: float  # V, latched and silent above
    v: Tensor  # V, the knots, from v_on to v_off
    f: Tensor  # Hz, there
    slope_start: float  # V, the first voltage of the smoothed slope
    slope_step: float  # V
    slope: Tensor  # Hz/V
    width: float  # V, standard deviation of the smoothing

    @property
    def f_max(self) -> float:
        return float(self.f.max())  # Hz


def rate_table(curve: TransferCurve, width: float = 1.0) -> RateTable:
    """The table of a curve; `width` (V) is what its slope is averaged over in the backward pass."""
    run = curve.oscillating
    if run is None:
        raise NeurokitError(f"{curve.label} does not oscillate: take a curve that does, of a larger R_s or smaller x")
    if not width > 0:
        raise OutOfRangeError(f"width = {width} V must be above 0: the slope of the curve itself is singular")
    v_on, v_off = run.span
    v = np.unique(np.concatenate([[v_on], np.asarray(unstretched(_knots(), v_on, v_off)), [v_off]]))
    f = np.asarray(run.frequency(v))
    slope_v = np.linspace(v_on - WIDTHS * width, v_off + WIDTHS * width, SLOPES)
    return RateTable(
        v_on=float(v_on),
        v_off=float(v_off),
        v=torch.from_numpy(v),
        f=torch.from_numpy(f),
        slope_start=float(slope_v[0]),
        slope_step=float(slope_v[1] - slope_v[0]),
        slope=torch.from_numpy(_smoothed_slope(slope_v, v, f, width)),
        width=width,
    )


def rate(v: Tensor, table: RateTable) -> Tensor:
    """The rate in Hz at these drives, in their dtype and on their device."""
    return cast(Tensor, _Rate.apply(v, table))  # type: ignore[no-untyped-call]


class _Rate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, v: Tensor, table: RateTable) -> Tensor:
        ctx.save_for_backward(v)
        ctx.table = table
        at, f = (t.to(device=v.device, dtype=v.dtype) for t in (table.v, table.f))
        k = torch.searchsorted(at, v.detach().contiguous()).clamp_(1, len(at) - 1)
        share = (v - at[k - 1]) / (at[k] - at[k - 1])
        inside = (v > table.v_on) & (v < table.v_off)
        return torch.where(inside, f[k - 1] + share * (f[k] - f[k - 1]), torch.zeros_like(v))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        (v,) = ctx.saved_tensors
        table: RateTable = ctx.table
        slope = table.slope.to(device=v.device, dtype=v.dtype)
        place = ((v - table.slope_start) / table.slope_step).clamp(0, len(slope) - 1)
        return gradients[0] * slope[place.round().long()], None


def _knots() -> Floats:
    return np.linspace(-REACH, REACH, KNOTS)


def _smoothed_slope(at: Floats, v: Floats, f: Floats, width: float) -> Floats:
    """The derivative of the curve averaged by a Gauss kernel: of each straight piece in closed form, jumps included."""
    from scipy.special import ndtr

    steps = np.diff(f) / np.diff(v)
    edges = ndtr((at[:, None] - v[None]) / width)
    inside = (edges[:, :-1] - edges[:, 1:]) @ steps
    jumps = f[0] * _gauss(at - v[0], width) - f[-1] * _gauss(at - v[-1], width)
    return np.asarray(inside + jumps)


def _gauss(x: Floats, width: float) -> Floats:
    return np.asarray(np.exp(-0.5 * (x / width) ** 2) / (width * np.sqrt(2 * np.pi)))
