"""The film of the founding paper: VO2-x by oxide MBE, whose critical temperature stays where it is as x grows."""

from neurokit.device.film import Film

_PAPER = "Li et al., arXiv 2405.00700"

MBE = Film(
    name="mbe",
    description="about 55 nm VO2-x by oxide MBE, 2 um gap (Li et al., arXiv 2405.00700)",
    sources={
        # The paper gives no circuit-level resistance; this value makes Devices 1-4 oscillate and Device 5 not, at
        # 12.5 V, 3 kOhm and 1.8 nF, as its text says.
        "r_metal": f"fitted to which devices oscillate in {_PAPER}",
        "g_insulating": f"fitted to V_th = 6.5 V of Device 1, {_PAPER}",
        "t_reference": "assumed: the transition, where the measured thresholds anchor the conductance",
        "gap_pristine": "0.53 eV, J. Nanomater. 2014, 183954",
        "gap_reduced": "0.18 eV, J. Nanomater. 2014, 183954",
        "x_metal": f"fitted to V_th = 1.75 V of Device 5, {_PAPER}; its scale of x is assumed",
        "t_transition": "assumed, near the 340 K of bulk VO2",
        "k_tc": f"0: critical temperature not significantly reduced, {_PAPER}",
        "w_pristine": "assumed",
        "w_shrink": "assumed; the paper's text says that the voltage hysteresis shrinks with x",
        "beta_pristine": "assumed",
        "beta_shrink": "assumed",
        "s_thermal": "assumed: constant threshold power of about 6 mW explains the thresholds of Devices 1 and 5",
        "c_thermal": "assumed: large enough to keep the peak temperature below 600 K at 1.8 nF",
        "tau_up": "36 ns, Pofelski et al. 2026 (a 600 nm film, so an orientation here)",
        "tau_down": "107 ns, Pofelski et al. 2026 (a 600 nm film, so an orientation here)",
    },
    r_metal=370.0,
    g_insulating=1.40886e-4,
    t_reference=340.0,
    gap_pristine=0.53,
    gap_reduced=0.18,
    x_metal=0.041,
    t_transition=338.0,
    k_tc=0.0,
    w_pristine=6.0,
    w_shrink=0.5,
    beta_pristine=0.5,
    beta_shrink=0.5,
    s_thermal=0.15e-3,
    c_thermal=120e-12,
    tau_up=36e-9,
    tau_down=107e-9,
)
