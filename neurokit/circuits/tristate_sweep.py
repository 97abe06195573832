"""The tri-state diagram without Python: a script in the netlist runs the neuron over series resistor and supply.

Each point is one transient, judged by the device's conductance in its second half: never metallic (un-firing), always
metallic (firing), or both (oscillating). The script then compares the regimes with the closed form.
"""

from neurokit.circuits.library import embedded_library
from neurokit.circuits.netlist import Netlist
from neurokit.circuits.neuron import NeuronCircuit, neuron_elements
from neurokit.circuits.values import spice_value
from neurokit.device.accuracy import OPTIONS, STEPS_PER_CHARGE, STEPS_PER_THERMAL_TIME, thermal_time
from neurokit.errors import OutOfRangeError

TABLE = "tristate_sweep.txt"  # written where ngspice runs
MARGIN = 0.06  # of the supply: closer to a boundary the regime is not judged, the closed form is that of slow circuits


def tristate_netlist(
    neuron: NeuronCircuit,
    r_series: tuple[float, float] = (1e3, 6.5e3),
    v_in: tuple[float, float] = (5.0, 21.5),
    points: int = 12,
    t_stop: float = 160e-6,
    *,
    include: str | None = None,
) -> Netlist:
    """points x points neurons between the given series resistances (ohm) and supplies (V), each over t_stop seconds.

    Exit code 0 says that all regimes away from the boundaries are those of the closed form, 1 that some are not.
    """
    for name, (low, high) in {"r_series": r_series, "v_in": v_in}.items():
        if not 0 < low < high:
            raise OutOfRangeError(f"{name} from {low} to {high} must begin above 0 and rise")
    if points < 2 or not t_stop > 0:
        raise OutOfRangeError(f"points = {points} must be at least 2 and t_stop = {t_stop} s above 0")
    title = f"VO2-x tri-state sweep over series resistor and supply, x = {neuron.device.x:g}"
    lines = [
        title,
        f".include {include}" if include else embedded_library(neuron.device),
        "* the neuron; the script below sets supply and series resistor",
        f"V_in in 0 DC {spice_value(v_in[0])}",
        *neuron_elements(neuron),
        OPTIONS,
        ".save v(osc) v(spk)",
        *_script(neuron, r_series, v_in, points, t_stop),
        ".end",
    ]
    return Netlist(title=title, text="\n".join(lines) + "\n")


def _script(
    neuron: NeuronCircuit, r_series: tuple[float, float], v_in: tuple[float, float], points: int, t_stop: float
) -> list[str]:
    from neurokit.device.closed_form import thresholds  # brings NumPy, which takes its time to import

    t, tau = thresholds(neuron.device), thermal_time(neuron.device)
    numbers = {
        "r_first": r_series[0],
        "r_last": r_series[1],
        "v_first": v_in[0],
        "v_last": v_in[1],
        "points": points,
        "t_stop": t_stop,
        "capacitance": neuron.capacitance,
        "tau_thermal": tau,
        "v_threshold": t.v_threshold,
        "i_threshold": t.i_threshold,
        "v_hold": t.v_hold,
        "i_hold": t.i_hold,
        "margin": MARGIN,
        "metallic_ratio": neuron.r_sense * ((t.i_threshold / t.v_threshold) * (t.i_hold / t.v_hold)) ** 0.5,
    }
    return [
        ".control",
        "* the sweep, and the static thresholds of the device for the check",
        *(f"let {name} = {spice_value(value)}" for name, value in numbers.items()),
        *_LOOP.format(charge=STEPS_PER_CHARGE, thermal=STEPS_PER_THERMAL_TIME, table=TABLE).splitlines(),
        ".endc",
    ]


# Vectors of ngspice's plot `const` outlive the transients; the plots of these are dropped after each point.
_LOOP = """\
let judged = 0
let wrong = 0
let regime = 0
let frequency = 0
echo r_series_ohm v_in_V regime frequency_Hz closed_form > {table}
let k_r = 0
while k_r < points
  let r_series = r_first + (r_last - r_first)*k_r/(points - 1)
  alter R_series = r_series
* the largest step at which the period is right
  let step = (r_series*capacitance + tau_thermal)/{charge}
  if step > tau_thermal/{thermal}
    let step = tau_thermal/{thermal}
  end
  let onset = v_threshold + r_series*i_threshold
  let latching = v_hold + r_series*i_hold
  let k_v = 0
  while k_v < points
    let v_supply = v_first + (v_last - v_first)*k_v/(points - 1)
    alter V_in = v_supply
    tran $&const.step $&const.t_stop 0 $&const.step uic
* when the device is metallic, in the second half of the time, and how often it becomes so
    let last = length(time) - 1
    let settled = time gt 0.5*const.t_stop
    let metal = v(spk) gt const.metallic_ratio*v(osc)
    let metallic = vecmax(metal*settled)
    let insulating = vecmax((1 - metal)*settled)
    let after = time[1, last]
    let rises = ((metal[1, last] - metal[0, last - 1]) gt 0.5)*settled[1, last]
    let count = mean(rises)*last
    let const.regime = metallic*(2 - insulating)
    let const.frequency = 0
    if count > 1.5
      let span = vecmax(rises*after) + vecmax(rises*(const.t_stop - after)) - const.t_stop
      let const.frequency = (count - 1)/span
    end
    destroy
    setplot const
* the closed form, from a cold start
    let expected = 0
    if v_supply > onset
      let expected = 1
      if v_supply > latching
        let expected = 2
      end
    end
    let clear_of_onset = abs(v_supply - onset) gt margin*v_supply
    let clear_of_latching = (abs(v_supply - latching) gt margin*v_supply) or (v_supply lt onset)
    let clear = clear_of_onset*clear_of_latching
    let judged = judged + clear
    let wrong = wrong + clear*(abs(regime - expected) gt 0.5)
    set names = ( un-firing oscillating firing )
    let at = regime + 1
    let should = expected + 1
    set at = $&at
    set should = $&should
    echo $&r_series $&v_supply $names[$at] $&frequency $names[$should] >> {table}
    let k_v = k_v + 1
  end
  let k_r = k_r + 1
end
echo wrote {table}
echo $&wrong of $&judged regimes away from the boundaries differ from the closed form
if wrong > 0
  quit 1
end
quit 0
"""
