"""The slow voltage sweep: a triangle of voltage straight onto the device, for I-V loops and thresholds."""

from neurokit.circuits.drive import Pwl
from neurokit.circuits.library import device_line, embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import OPTIONS, thermal_time
from neurokit.device.vo2x import Vo2x
from neurokit.errors import OutOfRangeError

SWEEP_THERMAL_TIMES = 20_000  # one edge, in thermal times: the jumps then lag by at most 0.6 % of their voltage
POINTS_PER_EDGE = 1000
HEADROOM = 1.25  # highest voltage of a sweep over V_th, where that is known: room for mismatch, noise and its own lag


def iv_netlist(
    device: Vo2x,
    v_max: float,
    *,
    cycles: int = 1,
    both_signs: bool = False,
    edge: float | None = None,
    include: str | None = None,
) -> Netlist:
    """Triangles 0 - v_max - 0 (and - -v_max - 0) on the device; the current through it is -i(v_sweep).

    `edge` is the time from 0 to v_max in s. A triangle is repeated `cycles` times.
    """
    if not v_max > 0 or cycles < 1:
        raise OutOfRangeError(f"v_max = {v_max} V must be above 0 and cycles = {cycles} at least 1")
    rise = SWEEP_THERMAL_TIMES * thermal_time(device) if edge is None else edge
    corners = [(0.0, 0.0), (rise, v_max), (2 * rise, 0.0)]
    if both_signs:
        corners += [(3 * rise, -v_max), (4 * rise, 0.0)]
    drive = Pwl(tuple(corners), repeat=cycles > 1)
    t_stop = cycles * corners[-1][0]
    title = f"VO2-x voltage sweep to {v_max:g} V, x = {device.x:g}"
    probes = ("v(a)", "i(v_sweep)")
    step = spice_value(rise / POINTS_PER_EDGE)
    lines = [
        title,
        f".include {include}" if include else embedded_library(device),
        "* a triangle of voltage across the device",
        f"V_sweep a 0 {drive.source()}",
        device_line("vo2", "a 0", device),
        OPTIONS,
        f".save {' '.join(probes)}",
        f".tran {step} {spice_value(t_stop)} 0 {step} uic",
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n", probes=probes, t_stop=t_stop)
