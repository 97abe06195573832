"""The ngspice library: sub-circuits printed from the device equations, under a header that explains them."""

from collections.abc import Mapping, Sequence

from sympy import S, Symbol

from neurokit.device.accuracy import OPTIONS, STEPS_PER_CHARGE, STEPS_PER_THERMAL_TIME, thermal_time
from neurokit.device.closed_form import thresholds
from neurokit.device.equations import (
    X_HIGH,
    X_LOW,
    conductance,
    cooling_branch,
    current,
    extra_heat_loss,
    heat_loss,
    heating_branch,
    metal,
    relaxation,
    reversible_branch,
)
from neurokit.device.export.pen import Language, parameter_names, symbols, written, written_laws
from neurokit.device.film import ADDITIONS, FILM_PARAMETERS, has_additions
from neurokit.device.film_pld_tio2 import PLD_TIO2
from neurokit.device.maths import sympy_maths
from neurokit.device.preset import subcircuit_name
from neurokit.device.vo2x import (
    DEVICE_PARAMETERS,
    DEVICES,
    MEASURED_THRESHOLDS,
    PARAMETER_FIELDS,
    Vo2x,
    device_label,
    parameters,
)
from neurokit.errors import OutOfRangeError

_FUNCTIONS = {name: name for name in ("exp", "tanh", "log", "sin", "cos", "floor", "sqrt")} | {"Abs": "abs"}

# Inside `.param` everything is a plain name.
PARAM = Language(functions=_FUNCTIONS, ramp="max({y}, 0)", power="pow({base}, {exponent})")

# In a B source parameters stand in braces. ngspice pastes an expression in braces without parentheses (a-{b-c} becomes
# a-b-c), so only single names are ever put there.
_NODES = {name: f"v({name})" for name in ("theta", "u", "w", "metal", "u_heating", "u_cooling")} | {
    "v": "v(across)",
    "time": "time",
}
SOURCE = Language(
    functions=_FUNCTIONS,
    ramp="uramp({y})",
    power="pow({base}, {exponent})",
    symbol=lambda name: _NODES.get(name, f"{{{name}}}"),
)

FITTED = "vo2x_fitted"  # the sub-circuit with the additions
U_CAPACITANCE = "1n"  # F; only the scale of the node that carries u
U_LEAK = "1e12"  # ohm
RULE = "* " + "-" * 108
_KELVIN_AS_VOLT = "* temperature above ambient: 1 V = 1 K"
_KELVIN = ("* temperature in kelvin as a voltage", "B_kelvin t_kelvin 0 V=v(theta) + {t_ambient}")


def vo2x_library(*own: Vo2x) -> str:
    """The text of `spice_models/vo2x.lib`, with a preset of each of one's own devices, called after its film."""
    shipped = _shipped()
    for device in own:
        if f".subckt {subcircuit_name(device.film)} " in shipped:
            raise OutOfRangeError(
                f"film name {device.film.name!r} is taken: the library has a {subcircuit_name(device.film)} already; "
                "give the film another name"
            )
    return "\n".join([_header(own), shipped, *(_own_preset(device) for device in own)])


def _shipped() -> str:
    parts = [
        _subcircuit("vo2x", "p n", _two_terminals()),
        _subcircuit("vo2x_pins", "p n t_kelvin u", _two_terminals(), [*_KELVIN]),
        _subcircuit("vo2x_cell", "north east south west theta u", _four_sides()),
        _subcircuit(FITTED, "p n", _two_terminals(additions=True), additions=True),
        _subcircuit(f"{FITTED}_pins", "p n t_kelvin u", _two_terminals(additions=True), [*_KELVIN], additions=True),
        *(
            _preset(f"vo2x_device{number}", _device_line(number), device, {"x": device.x})
            for number, device in DEVICES.items()
        ),
        _preset("vo2x_pld_tio2", PLD_TIO2.description, Vo2x(film=PLD_TIO2), _film_difference(Vo2x(film=PLD_TIO2))),
    ]
    return "\n".join(parts)


def _header(own: Sequence[Vo2x]) -> str:
    defaults = parameters(Vo2x())
    known, added = (
        [
            f"  {item.name:<16}{defaults[item.name]:<12.6g}{item.metadata['unit']:<14}"
            f"[{item.metadata['low']:g}, {item.metadata['high']:g}]  {item.metadata['meaning']}"
            for item in PARAMETER_FIELDS
            if (item.name in ADDITIONS) is additions
        ]
        for additions in (False, True)
    )
    source_lines = [f"  {name:<14}{text}" for name, text in Vo2x().film.sources.items()]
    device_lines = [f"  {f'vo2x_device{number}':<16}p n                 {_device_line(number)}" for number in DEVICES]
    return _comment(
        _HEADER.format(
            options=OPTIONS,
            per_charge=STEPS_PER_CHARGE,
            thermal_step=int(thermal_time(Vo2x()) / STEPS_PER_THERMAL_TIME / 1e-9),
            devices="\n".join(device_lines),
            pld_tio2=PLD_TIO2.description,
            own="".join(f"\n  {subcircuit_name(d.film):<15} p n                 {_described(d)}" for d in own),
            parameters="\n".join(known),
            additions="\n".join(added),
            sources="\n".join(source_lines),
        )
    )


def _subcircuit(
    name: str, pins: str, conduction: Sequence[str], extra: Sequence[str] = (), additions: bool = False
) -> str:
    """The device's states and what drives them; `conduction` carries its current and brings its heat to `theta`."""
    xp, c = sympy_maths(), symbols(additions)
    theta, u, time = (Symbol(s, real=True) for s in ("theta", "u", "time"))
    values = parameters(Vo2x())
    lines = [
        RULE,
        f".subckt {name} {pins} params:",
        *(f"+ {' '.join(f'{p}={values[p]!r}' for p in group)}" for group in _rows(parameter_names(additions), 4)),
        "* what x and the circuit make of the film",
        *(f".param {law} = {{{text}}}" for law, text in written_laws(PARAM, additions).items()),
        f".param x_checked = {{0*sqrt((x - {X_LOW!r})*({X_HIGH!r} - x))}}",
        ".param r_loss = {1/s_loss}",
        f".param r_leak = {{{U_LEAK} + x_checked}}",
        f".param k_up = {{{U_CAPACITANCE}/tau_up}}",
        f".param k_down = {{{U_CAPACITANCE}/tau_down}}",
        *conduction,
        f"B_noise theta 0 I={{noise}} == 0 ? 0 : {written(extra_heat_loss(xp, c, theta, u, time), SOURCE)}",
        "C_heat theta 0 {c_heat}",
        f"B_loss theta 0 I={written(heat_loss(xp, c, theta, u), SOURCE)}" if additions else "R_loss theta 0 {r_loss}",
        "* the branches of the hysteresis, on nodes of their own: inside B_phase they would be evaluated six times",
        *_branch_nodes("heating", additions),
        *_branch_nodes("cooling", additions),
        "* metal fraction: 1 V = 1; the leak (1000 s) makes an operating point inside the hysteresis unique",
        f"B_phase 0 u I={_phase_current()}",
        f"C_phase u 0 {U_CAPACITANCE} ic={{u_start}}",
        "R_x_outside_0_to_0p1 u 0 {r_leak}",
        *(_reversible() if additions else ()),
        *extra,
        f".ends {name}",
        "",
    ]
    return "\n".join(lines)


def _metal(additions: bool) -> Symbol:
    """The metal fraction in all: without additions, that with hysteresis."""
    return Symbol("metal" if additions else "u", real=True)


def _reversible() -> list[str]:
    xp, c = sympy_maths(), symbols(additions=True)
    theta, u, w = (Symbol(s, real=True) for s in ("theta", "u", "w"))
    return [
        "* metal fraction without hysteresis, and both together",
        f"B_reversible 0 w I={written(reversible_branch(xp, c, theta), SOURCE)}",
        "R_reversible w 0 1",
        "C_reversible w 0 {tau_reversible} ic={w_start}",
        f"B_metal 0 metal I={written(metal(xp, c, u, w), SOURCE)}",
        "R_metal metal 0 1",
    ]


def _two_terminals(additions: bool = False) -> list[str]:
    xp, c = sympy_maths(), symbols(additions)
    v, theta = (Symbol(s, real=True) for s in ("v", "theta"))
    begin = "core" if additions else "p"
    return [
        *(["* contact; a resistor must not be 0", "R_contact p core {r_lead + 1u}"] if additions else []),
        "* current; a source of 0 V measures it and a node holds the voltage, so that each expression names them once",
        f"B_device {begin} q I={written(current(xp, c, v, theta, _metal(additions)), SOURCE)}",
        "V_sense q n 0",
        f"E_across across 0 {begin} n 1",
        _KELVIN_AS_VOLT,
        "B_heat 0 theta I=v(across)*i(V_sense)",
    ]


def _four_sides() -> list[str]:
    """Four halves of a square's conductance meet in its middle, so that from side to side it conducts as a device."""
    xp, c = sympy_maths(), symbols(additions=False)
    theta, u = (Symbol(s, real=True) for s in ("theta", "u"))
    sides = ("north", "east", "south", "west")
    squares = " + ".join(f"v({side},middle)*v({side},middle)" for side in sides)
    half = "({g_half_rest} + {g_half}*v(gain))"
    return [
        f".param g_rest = {{{written(conductance(xp, c, S.Zero, S.Zero), PARAM)}}}",
        ".param g_half_rest = {2*g_rest}",
        ".param g_half = {2*g_metal/1000}",
        "* what heat and metal add to the conductance at rest, in thousandths of the metal's: as large as other",
        "* voltages, with which it shares a tolerance",
        f"B_gain 0 gain I=1000*({written(conductance(xp, c, theta, u), SOURCE)} - {{g_rest}})/{{g_metal}}",
        "R_gain gain 0 1",
        "* from each side to the middle twice the conductance of the square",
        *(f"B_{side} {side} middle I={half}*v({side},middle)" for side in sides),
        _KELVIN_AS_VOLT,
        f"B_heat 0 theta I={half}*({squares})",
    ]


def _phase_current() -> str:
    """du/dt as the current into the capacitor that carries u."""
    c = symbols(additions=False)
    c.tau_up, c.tau_down = 1 / Symbol("k_up", real=True), 1 / Symbol("k_down", real=True)
    u, u_heating, u_cooling = (Symbol(s, real=True) for s in ("u", "u_heating", "u_cooling"))
    return written(relaxation(sympy_maths(), c, u, u_heating, u_cooling), SOURCE)


def _branch_nodes(which: str, additions: bool) -> list[str]:
    """A node at the voltage of one static branch: its current through 1 ohm, which spares a branch equation."""
    law = {"heating": heating_branch, "cooling": cooling_branch}[which]
    u = law(sympy_maths(), symbols(additions), Symbol("theta", real=True))
    return [f"B_{which} 0 u_{which} I={written(u, SOURCE)}", f"R_{which} u_{which} 0 1"]


def _preset(name: str, description: str, device: Vo2x, fixed: Mapping[str, float], base: str = "vo2x") -> str:
    """A thin sub-circuit that fixes some parameters of `base` and passes the others of the device on."""
    values = parameters(device)
    passed = [p for p in DEVICE_PARAMETERS if p not in fixed]
    first, *rest = _rows([f"{p}={v!r}" for p, v in fixed.items()], 4) or [()]
    return "\n".join(
        [
            RULE,
            _comment(description) + f".subckt {name} p n params: {' '.join(f'{p}={values[p]!r}' for p in passed)}",
            f"X_vo2x p n {base} {' '.join(first)}".rstrip(),
            *(f"+ {' '.join(row)}" for row in rest),
            f"+ {' '.join(f'{p}={{{p}}}' for p in passed)}",
            f".ends {name}",
            "",
        ]
    )


def _own_preset(device: Vo2x) -> str:
    """The preset of a device that is not shipped, with the sources of its numbers and the step that it needs."""
    base = FITTED if has_additions(device.film) else "vo2x"
    known = parameter_names(base == FITTED)
    fixed = {p: value for p, value in _film_difference(device).items() if p in known}
    tau = thermal_time(device)
    words = [
        _described(device),
        f"largest step of .tran: the smaller of (R_s * C + {tau:.3g})/{STEPS_PER_CHARGE} and "
        f"{tau / STEPS_PER_THERMAL_TIME:.3g} s",
        *(f"  {p:<16}{_one_line(text)}" for p, text in device.film.sources.items() if p in fixed),
    ]
    return _preset(subcircuit_name(device.film), "\n".join(words), device, fixed, base)


def _film_difference(device: Vo2x) -> dict[str, float]:
    """What the film has other than the library's defaults."""
    values, base = parameters(device), parameters(Vo2x())
    return {p: values[p] for p in FILM_PARAMETERS if values[p] != base[p]}


def _described(device: Vo2x) -> str:
    return _one_line(device.film.description)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _device_line(number: int) -> str:
    device = DEVICES[number]
    basis = f"published: {MEASURED_THRESHOLDS[number]:g} V" if number in MEASURED_THRESHOLDS else "none published"
    return f"{device_label(number)}: x = {device.x:g}, V_th = {thresholds(device).v_threshold:.2f} V ({basis})"


def _rows(names: Sequence[str], size: int) -> list[Sequence[str]]:
    return [names[k : k + size] for k in range(0, len(names), size)]


def _comment(text: str) -> str:
    return "".join(f"* {line}".rstrip() + "\n" for line in text.splitlines())


_HEADER = """\
vo2x.lib: VO2-x threshold switch for ngspice, with oxygen deficiency x as a continuous parameter

Generated by neurokit (`make models`) from neurokit/device/equations.py: change it there, not here.
Licence: CC0 1.0 Universal. To the extent possible under law the authors waive all rights to this file;
embed it in designs of any licence.

USE
  .include vo2x.lib
  X1 a b vo2x x=0.01

A neuron that runs as it is (12.5 V, 3 kohm, 1.8 nF):

  VO2-x neuron
  .include vo2x.lib
  V_in  in  0   12.5
  R_s   in  osc 3k
  C_osc osc 0   1.8n
  X_vo2 osc spk vo2x x=0
  R_spk spk 0   10
  {options}
  .tran {thermal_step}n 100u 0 {thermal_step}n uic
  .end

PASTE THESE LINES. With ngspice's ordinary options the netlist above runs without a message and its period is wrong,
by half a per cent to over ten as the step goes: the step control accepts a jump onto the metallic branch.
  {options}
  .tran <step> <stop> 0 <step> uic        <step>: the smaller of (R_s * C + 0.8u) / {per_charge} and {thermal_step}n
Always give the fourth number of .tran, the largest step; 0.8 us is the thermal time c_thermal/s_thermal of the device.
`uic` starts the device cold. Without it ngspice looks for an operating point first and can rest on the unstable one
between the two states, where nothing begins to oscillate.

SUB-CIRCUITS
  vo2x            p n                 the device; its current is symmetric in the sign of v(p, n)
  vo2x_pins       p n t_kelvin u      the same, showing temperature (1 V = 1 K) and metal fraction (0 to 1 V) on two
                                      further pins; leave them unloaded
  vo2x_cell       north east south west theta u
                                      a square of film for networks of them: the same device between opposite sides,
                                      and between any two; theta is its temperature above ambient (1 V = 1 K,
                                      1 A = 1 W), to which resistors in K/W bring the heat of its neighbours
  vo2x_fitted     p n                 the device with additions that measured ones ask for (below), neutral by default;
                                      it takes about twice as long
  vo2x_fitted_pins  p n t_kelvin u    the same with the two pins; u is the metal fraction with hysteresis
{devices}
  vo2x_pld_tio2   p n                 {pld_tio2};
                                      its transition lies near room temperature: give t_ambient=250, say{own}

PARAMETERS: name, default, unit, [bounds], meaning. vo2x, vo2x_pins and vo2x_cell take all; the presets take x (where it
is not what they fix), t_ambient, width, d_threshold, d_insulating, noise, noise_step and seed.
{parameters}
Additions, of vo2x_fitted and vo2x_fitted_pins alone:
{additions}
An x outside its bounds stops the simulation, naming the element r_x_outside_0_to_0p1. The other bounds are not
checked in SPICE; `neurokit run` checks them all, and names that are misspelt, which ngspice ignores.
Devices in parallel are written as width=; ngspice's multiplier m= does not reach behavioural sources and must not be
used. The temperature of the surroundings is t_ambient alone: .temp changes nothing.

MISMATCH AND NOISE
d_threshold = 0.0373 makes V_th and V_hold 3.73 % larger. Published spreads: device to device 3.73 %, cycle to cycle
0.72 % (Li Z. et al. 2024). d_insulating changes the insulating resistance, and with it V_th by about half as much.
noise = 0.0072 draws V_th and V_hold anew every noise_step seconds from `seed`; the same seed gives the same noise in
every simulator. Take noise_step longer than the thermal time and shorter than a period, and a seed of its own for
every device of a circuit.

EQUATIONS
  i           = v * [(1 - u) * g_matrix + u * g_metal]
  g_matrix    = g_semi * exp(-b_arrhenius / (t_ambient + |theta|)) + g_shunt
  c dtheta/dt = v * i - s * theta * exp(2 n(t))
  du/dt       = ramp(u_h - u)**1.5 / tau_up - ramp(u - u_c)**1.5 / tau_down        ramp(y) = max(y, 0)
  u_h, u_c    = [1 + tanh(beta * (theta - theta_heating or theta_cooling))] / 2
Additions, where m = (1 - u_reversible) u + u_reversible w stands for u in the conductance:
  dw/dt       = ([1 + tanh(beta_reversible * (theta - theta_reversible))] / 2 - w) / tau_reversible
  u_c         = [1 + tanh(beta * beta_ratio * (theta - theta_cooling))] / 2, and r_contact in series
  heat loss   = s * theta * (1 + s_growth * u)
theta is the temperature above ambient, u the metal fraction, n(t) the threshold noise. x enters by the metallized
share m = 1 - exp(-(x/x_metal)**2): it shunts the matrix, closes the gap, narrows and flattens the hysteresis (`.param`
lines below). At large x the device is ohmic.

MEASURED, FITTED, ASSUMED
x is an effective deficiency: no measurement ties it to thresholds, its scale is a choice. V_th is published for
Device 1 (6.5 V) and Device 5 (1.75 V); Devices 2-4 are interpolated. Sources of the film's numbers:
{sources}
The thermal model has one node and no melting: a supply that would destroy a device gives a number here, not a warning.

OTHER SIMULATORS
Runs in ngspice 39 in its native mode and in its LTspice and PSpice compatibility modes (ngbehavior lta, psa, ltpsa).
The syntax is neutral where that is possible: `params:`, B sources, {{name}}, uramp, pow. What is not: LTspice has the
conditional in B_noise as if(c, a, b), which ngspice does not know; delete the line B_noise there, and with it threshold
noise. PSpice has no B sources (write G ... value={{...}}) and no uramp or floor. Neither program has run this file.
"""
