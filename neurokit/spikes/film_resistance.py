"""R(T) of a film grid, as its netlist was heated and cooled."""

import numpy as np

from neurokit.circuits.film_grid import V_READ
from neurokit.device.closed_form import ResistanceLoop
from neurokit.simulation.outcome import Waveforms
from neurokit.vacancy.model import Floats


def film_loop(waves: Waveforms, t_low: float, temperature: Floats) -> ResistanceLoop:
    """Resistance at these temperatures (K) from a run of `film_rt_netlist` that begins at t_low (K)."""
    theta, r = waves["v(theta)"], -V_READ / waves["i(v_read)"]
    hottest = int(np.argmax(theta))
    wanted = temperature - t_low
    heating = np.interp(wanted, theta[: hottest + 1], r[: hottest + 1])
    cooling = np.interp(wanted, theta[hottest:][::-1], r[hottest:][::-1])
    return ResistanceLoop(temperature=temperature, heating=heating, cooling=cooling)
