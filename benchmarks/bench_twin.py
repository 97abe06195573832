"""The twin against ngspice: processor time per spike, error of the period, and the time of a tri-state map.

    python benchmarks/bench_twin.py

Both simulate the same neurons over the same time; processor time of ngspice is that of the whole child process. The
reference period is SciPy's DOP853 on the NumPy equations, to a relative tolerance of 1e-9.
"""

import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.integrate import solve_ivp

from neurokit.circuits.drive import Constant
from neurokit.circuits.neuron import NeuronCircuit, neuron_netlist
from neurokit.device import DEVICES, device_label
from neurokit.device.equations import conductance, heat_loss, metal_fraction_rate
from neurokit.device.maths import numpy_maths
from neurokit.device.vo2x import device_coefficients
from neurokit.simulation.rawfile import read_raw
from neurokit.simulation.twin import RTOL, spike_times

DRIVE = Constant(12.5)  # V
T_STOP = 2e-3  # s
T_REFERENCE = 150e-6  # s
SETTLED = 5  # spikes after which the oscillation repeats itself
REPEATS = 5


def main() -> None:
    spike_times([NeuronCircuit()], [DRIVE], 1e-6)  # compile
    print(
        f"12.5 V, 3 kohm, 1.8 nF, {T_STOP:g} s; twin at its default rtol = {RTOL:g}, ngspice at the shipped options\n"
    )
    print(
        "| neuron | spikes | twin, CPU us/spike | ngspice, CPU us/spike | ratio "
        "| twin, period error | ngspice, period error |"
    )
    print("|---|---|---|---|---|---|---|")
    for number in (1, 2, 3, 4):
        print(row(number))
    print()
    for number in (1, 3):
        cpu, oscillating = tri_state_map(number)
        print(
            f"1000-point tri-state map of {device_label(number)}, 100 us each: {cpu:.2f} s CPU, "
            f"{oscillating} points oscillate"
        )


def row(number: int) -> str:
    neuron = NeuronCircuit(DEVICES[number])
    expected = period(reference_spikes(neuron))
    cpu, spikes = twin(neuron)
    cpu_ngspice, spikes_ngspice = ngspice(neuron)
    each, each_ngspice = cpu / len(spikes) * 1e6, cpu_ngspice / len(spikes_ngspice) * 1e6
    errors = [abs(period(found) / expected - 1) for found in (spikes, spikes_ngspice)]
    return (
        f"| {device_label(number)} | {len(spikes)} | {each:.1f} | {each_ngspice:.0f} | {each_ngspice / each:.0f} "
        f"| {errors[0]:.1e} | {errors[1]:.1e} |"
    )


def twin(neuron: NeuronCircuit) -> tuple[float, np.ndarray]:
    """Processor time of one run, the best of some, and its spikes."""
    cpu = []
    for _ in range(REPEATS):
        began = time.process_time()
        batch = spike_times([neuron], [DRIVE], T_STOP)
        cpu.append(time.process_time() - began)
    return min(cpu), batch.spikes[0]


def ngspice(neuron: NeuronCircuit) -> tuple[float, np.ndarray]:
    """The same for `ngspice -b`, whose spikes are rises of v(spk) through the middle of its range."""
    cpu = []
    with tempfile.TemporaryDirectory() as folder:
        netlist, raw = Path(folder) / "neuron.cir", Path(folder) / "neuron.raw"
        netlist.write_text(str(neuron_netlist(neuron, DRIVE, T_STOP)))
        for _ in range(REPEATS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(["ngspice", "-n", "-b", "-r", raw, netlist], check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        (waveforms,) = read_raw(raw)
    t, v = waveforms.time, waveforms["v(spk)"]
    above = v >= (v.min() + v.max()) / 2
    k = np.flatnonzero(~above[:-1] & above[1:])
    return min(cpu), t[k] + (t[k + 1] - t[k]) * ((v.min() + v.max()) / 2 - v[k]) / (v[k + 1] - v[k])


def reference_spikes(neuron: NeuronCircuit) -> np.ndarray:
    xp, c = numpy_maths(), device_coefficients(neuron.device)

    def rates(t, y):
        v, theta, u = y
        g = conductance(xp, c, theta, u)
        v_device = v / (1 + g * neuron.r_sense)
        heat = v_device**2 * g - heat_loss(xp, c, theta, u)
        dv = ((DRIVE.v - v) / neuron.r_series - v_device * g) / neuron.capacitance
        return dv, heat / c.c_heat, metal_fraction_rate(xp, c, theta, u)

    def fires(t, y):
        return y[2] - 0.5

    fires.direction = 1
    tight = {"method": "DOP853", "rtol": 1e-9, "atol": (1e-10, 1e-9, 1e-11), "max_step": 1e-7, "events": fires}
    return solve_ivp(rates, (0, T_REFERENCE), (0.0, 0.0, c.u_start), **tight).t_events[0]


def period(spikes: np.ndarray) -> float:
    return float(np.diff(spikes[SETTLED:]).mean())


def tri_state_map(number: int) -> tuple[float, int]:
    """Processor time of 25 resistances by 40 voltages, and how many of these neurons spike more than twice."""
    grid = [(r, v) for r in np.geomspace(200, 50e3, 25) for v in np.linspace(0.5, 20, 40)]
    began = time.process_time()
    neurons = [NeuronCircuit(DEVICES[number], float(r)) for r, _ in grid]
    batch = spike_times(neurons, [Constant(float(v)) for _, v in grid], 100e-6)
    return time.process_time() - began, int((batch.counts > 2).sum())


if __name__ == "__main__":
    main()
