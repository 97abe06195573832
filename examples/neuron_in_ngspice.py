"""A VO2-x neuron in ngspice, from Python: build it, run it, read its spikes. Writes neuron.png beside the caller."""

from neurokit.circuits import NeuronCircuit, neuron_netlist
from neurokit.circuits.drive import Pulse
from neurokit.device import Vo2x
from neurokit.report import FIGURES, save_figure
from neurokit.simulation import simulate
from neurokit.spikes.switching import oscillation


def main() -> None:
    neuron = NeuronCircuit(device=Vo2x(x=0.005), r_series=3e3, capacitance=1.8e-9)
    netlist = neuron_netlist(neuron, drive=Pulse(v=12.5, width=100e-6), t_stop=100e-6, temperature=True)

    outcome = simulate(netlist).checked()  # a run that did not finish raises here, with the simulator's own words

    waves = outcome.waveforms
    found = oscillation(waves.time, waves["v(osc)"])
    print(f"{outcome.engine} {outcome.versions['ngspice']}: {outcome.status.value}, {len(waves)} time points")
    print(f"{found.frequency / 1e3:.1f} kHz, {found.amplitude:.2f} V, peak {waves['v(t_kelvin)'].max():.0f} K")

    figure = FIGURES["waveforms"]({f"x = {neuron.device.x:g}": waves})
    print(save_figure(figure, "neuron.png", dict(outcome.versions)))


if __name__ == "__main__":
    main()
