"""The slow voltage sweep that several panels share: its netlist, and the switching voltages read off it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from neurokit.circuits.iv_sweep import HEADROOM, iv_netlist
from neurokit.circuits.netlist import Netlist
from neurokit.device.closed_form import thresholds
from neurokit.device.vo2x import DEVICES, Vo2x
from neurokit.report.iv_loops import Sweep
from neurokit.spikes.switching import SwitchingVoltages, switching_voltages

if TYPE_CHECKING:
    from neurokit.simulation import Outcome


@dataclass(frozen=True)
class Loop:
    """The switching voltages of one device."""

    v_threshold: float  # V
    v_hold: float  # V

    @property
    def hysteresis(self) -> float:
        return self.v_threshold - self.v_hold  # V


def highest_voltage(device: Vo2x) -> float:
    """Where the sweep of a device turns, in V."""
    return HEADROOM * thresholds(device).v_threshold


def sweep_netlist(device: Vo2x, cycles: int = 1) -> Netlist:
    """Triangles of one sign, far enough to switch the device on."""
    return iv_netlist(device, v_max=highest_voltage(device), cycles=cycles)


def preset_sweeps(_: int = 0) -> dict[int, Netlist]:
    """One triangle on each preset device, by number."""
    return {number: sweep_netlist(device) for number, device in DEVICES.items()}


def sweep_of(outcome: "Outcome") -> Sweep:
    """Voltage and current of the device."""
    return outcome.waveforms["v(a)"], -outcome.waveforms["i(v_sweep)"]


def switching_of(outcome: "Outcome") -> SwitchingVoltages:
    """Where it switched in every triangle."""
    return switching_voltages(*sweep_of(outcome))


def loop_of(outcome: "Outcome") -> Loop:
    """Where it switched in a single triangle."""
    found = switching_of(outcome)
    return Loop(float(found.v_threshold[0]), float(found.v_hold[0]))
