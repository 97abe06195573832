"""The equations of the VO2-x device, once: NumPy and torch evaluate them, SPICE and Verilog-A are printed from them.

A device is a metallic filament of cross-section share `u` in a semiconducting matrix, heated by its own current:

    i            = v * [(1 - u) * g_matrix(theta) + u * g_metal]
    g_matrix     = g_semi * exp(-b_arrhenius / (t_ambient + |theta|)) + g_shunt
    c dtheta/dt  = v * i - s * theta * exp(2 * n(t))
    du/dt        = ramp(u_h(theta) - u)**1.5 / tau_up - ramp(u - u_c(theta))**1.5 / tau_down
    u_h, u_c     = [1 + tanh(beta * (theta - theta_heating or theta_cooling))] / 2

`theta` is the temperature above ambient: on a netlist's node, an absolute temperature loses ten times the accuracy.
Devices that were measured ask for more. These additions are neutral unless a film says otherwise:

    m            = (1 - r) * u + r * w                          stands for u in i
    dw/dt        = (u_r(theta) - w) / tau_reversible            metal without hysteresis, a share r = u_reversible
    u_c          = [1 + tanh(beta * beta_ratio * (theta - theta_cooling))] / 2
    heat loss    = s * theta * (1 + s_growth * u)               a filament spreads its heat
    v            = v_terminals - i * r_contact

Between the two branches nothing drives u, so hysteresis has flat minor loops and no memory of reversal points; the
power 1.5 makes the rate smooth where a branch is met (a plain ramp has a corner there, which cost ngspice 40 % more
time points). |theta| takes away the pole at absolute zero that Newton iterations would find; theta itself is never
negative in a passive device. Oxygen deficiency enters by one number, the locally metallized share m(x).
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from neurokit.device.maths import Maths

BOLTZMANN = 8.617333262e-5  # eV/K, CODATA 2018
X_LOW, X_HIGH = 0.0, 0.1  # beyond it the Magneli phases begin: V8O15 is x = 0.125


# What x and the circuit make of a film: evaluated once, `.param` lines in a netlist.


def metal_share(xp: Maths, p: Any) -> Any:
    """Share of the film that is metallic at any temperature: percolation with the 3-D conductivity exponent 2."""
    return 1 - xp.exp(-((p.x / p.x_metal) ** 2))


def b_arrhenius(xp: Maths, p: Any) -> Any:
    """Activation temperature in K: half the gap, which closes as the film metallizes."""
    return (p.gap_reduced + (p.gap_pristine - p.gap_reduced) * (1 - p.metal_share)) / (2 * BOLTZMANN)


def g_semi(xp: Maths, p: Any) -> Any:
    """Conductance of the insulating share at infinite temperature, in S: the Arrhenius prefactor."""
    prefactor = p.g_insulating * xp.exp(p.b_arrhenius / p.t_reference)
    return p.width * (1 - p.metal_share) * prefactor / (1 + p.d_insulating)


def g_metal(xp: Maths, p: Any) -> Any:
    """Conductance of the fully metallic device, in S; the same for every x."""
    return p.width / p.r_metal


def g_shunt(xp: Maths, p: Any) -> Any:
    """Conductance of the metallized share, in S."""
    return p.metal_share * p.g_metal


def w_hysteresis(xp: Maths, p: Any) -> Any:
    """Width of the thermal hysteresis, in K."""
    return p.w_pristine * (1 - p.w_shrink * p.metal_share)


def theta_heating(xp: Maths, p: Any) -> Any:
    """Centre of the heating branch above ambient, in K: the loop narrows about its middle."""
    return p.t_transition + p.k_tc * p.x + p.w_hysteresis / 2 - p.t_ambient


def theta_cooling(xp: Maths, p: Any) -> Any:
    """Centre of the cooling branch above ambient, in K."""
    return p.theta_heating - p.w_hysteresis


def beta(xp: Maths, p: Any) -> Any:
    """Steepness of both branches, in 1/K."""
    return p.beta_pristine * (1 - p.beta_shrink * p.metal_share)


def s_loss(xp: Maths, p: Any) -> Any:
    """Heat loss in W/K; a threshold mismatch d scales it by (1 + d)**2, and with it V_th and V_hold by 1 + d."""
    return p.width * p.s_thermal * (1 + p.d_threshold) ** 2


def c_heat(xp: Maths, p: Any) -> Any:
    """Heat capacity, in J/K."""
    return p.width * p.c_thermal


def u_start(xp: Maths, p: Any) -> Any:
    """Metal fraction of a device that came to ambient temperature by heating."""
    return branch(xp, p.beta, 0.0, p.theta_heating)


def theta_reversible(xp: Maths, p: Any) -> Any:
    """Centre of the branch without hysteresis above ambient, in K."""
    return (p.theta_heating + p.theta_cooling) / 2 + p.d_reversible


def beta_cooling(xp: Maths, p: Any) -> Any:
    """Steepness of the cooling branch, in 1/K."""
    return p.beta * p.beta_ratio


def r_lead(xp: Maths, p: Any) -> Any:
    """Resistance of the contacts, in ohm."""
    return p.r_contact / p.width


def w_start(xp: Maths, p: Any) -> Any:
    """Metal fraction without hysteresis at ambient temperature."""
    return reversible_branch(xp, p, 0.0)


Law = Callable[[Maths, Any], Any]

# In the order in which each can be computed from the device's parameters and the laws before it.
LAWS: dict[str, Law] = {
    law.__name__: law
    for law in (
        metal_share,
        b_arrhenius,
        g_semi,
        g_metal,
        g_shunt,
        w_hysteresis,
        theta_heating,
        theta_cooling,
        beta,
        s_loss,
        c_heat,
        u_start,
        theta_reversible,
        w_start,
        r_lead,
        beta_cooling,
    )
}


# What no device without additions needs.
ADDED_LAWS = frozenset(law.__name__ for law in (theta_reversible, w_start, r_lead, beta_cooling))


def coefficients(xp: Maths, parameters: dict[str, Any]) -> Any:
    """Everything that the equations of motion need, by name, from the parameters of a device."""
    known = SimpleNamespace(**parameters)
    for name, law in LAWS.items():
        setattr(known, name, law(xp, known))
    return known


# The equations of motion.


def branch(xp: Maths, steepness: Any, theta: Any, centre: Any) -> Any:
    """A static branch of the hysteresis: metal fraction against temperature."""
    return 0.5 + 0.5 * xp.tanh(steepness * (theta - centre))


def heating_branch(xp: Maths, c: Any, theta: Any) -> Any:
    """Metal fraction that is reached from below, at rest."""
    return branch(xp, c.beta, theta, c.theta_heating)


def cooling_branch(xp: Maths, c: Any, theta: Any) -> Any:
    """Metal fraction that is reached from above, at rest."""
    return branch(xp, c.beta_cooling, theta, c.theta_cooling)


def reversible_branch(xp: Maths, c: Any, theta: Any) -> Any:
    """Metal fraction without hysteresis against temperature, at rest."""
    return branch(xp, c.beta_reversible, theta, c.theta_reversible)


def metal(xp: Maths, c: Any, u: Any, w: Any) -> Any:
    """Metal fraction in all, from that with hysteresis and that without."""
    return (1 - c.u_reversible) * u + c.u_reversible * w


def conductance(xp: Maths, c: Any, theta: Any, m: Any) -> Any:
    """Conductance in S at theta kelvin above ambient with metal fraction m, contacts left out."""
    matrix = c.g_semi * xp.exp(-c.b_arrhenius / (c.t_ambient + abs(theta))) + c.g_shunt
    return (1 - m) * matrix + m * c.g_metal


def current(xp: Maths, c: Any, v: Any, theta: Any, m: Any) -> Any:
    """Current in A at v volts."""
    return v * conductance(xp, c, theta, m)


def heat_loss(xp: Maths, c: Any, theta: Any, u: Any) -> Any:
    """Heat flow to the surroundings in W, without threshold noise."""
    return c.s_loss * theta * (1 + c.s_growth * u)


def extra_heat_loss(xp: Maths, c: Any, theta: Any, u: Any, time: Any) -> Any:
    """What threshold noise n(t) adds to the heat loss, in W: static thresholds become V_th exp(n) and V_hold exp(n)."""
    return heat_loss(xp, c, theta, u) * (xp.exp(2 * threshold_noise(xp, c, time)) - 1)


def metal_fraction_rate(xp: Maths, c: Any, theta: Any, u: Any) -> Any:
    """du/dt in 1/s: towards the heating branch from below, towards the cooling branch from above, zero between."""
    return relaxation(xp, c, u, heating_branch(xp, c, theta), cooling_branch(xp, c, theta))


def reversible_rate(xp: Maths, c: Any, theta: Any, w: Any) -> Any:
    """dw/dt in 1/s."""
    return (reversible_branch(xp, c, theta) - w) / c.tau_reversible


def relaxation(xp: Maths, c: Any, u: Any, u_heating: Any, u_cooling: Any) -> Any:
    """du/dt in 1/s between the two branches at the present temperature."""
    return xp.ramp(u_heating - u) ** 1.5 / c.tau_up - xp.ramp(u - u_cooling) ** 1.5 / c.tau_down


# Cycle-to-cycle threshold noise.


def threshold_noise(xp: Maths, c: Any, time: Any) -> Any:
    """Relative threshold fluctuation n(t): normal, standard deviation `noise`, drawn anew every `noise_step` seconds.

    Hashed from the number of the step and the seed, so that every simulator and every time step sees the same noise.
    """
    return c.noise * _normal(xp, xp.floor(time / c.noise_step), c.seed)


def _normal(xp: Maths, index: Any, seed: Any) -> Any:
    """A standard normal number for this index and seed (Box and Muller 1958)."""
    digits = _digits(xp, index, seed)
    uniform = digits - xp.floor(digits)
    return xp.sqrt(-2 * xp.log(1 - uniform)) * xp.cos(6.283185307179586 * _digits(xp, index, seed + 0.5))


def _digits(xp: Maths, index: Any, seed: Any) -> Any:
    """A number whose fraction is as good as random: the far digits of a sine.

    SPICE has neither integers nor bits; this is what it can compute. A test checks the distribution and correlations.
    """
    return 43758.5453 * xp.sin(12.9898 * index + 78.233 * seed)
