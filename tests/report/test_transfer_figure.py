from dataclasses import replace

import numpy as np
import pytest
from transfer_points import make_curve, make_failure

from neurokit.report import FIGURES
from neurokit.spikes.transfer import TransferCurve

SILENT = make_curve(voltages=(1.0, 2.0, 3.0))


def drawn(**curves):
    figure = FIGURES["transfer_curves"](curves)
    figure.draw_without_rendering()
    return figure


def test_with_powers_there_are_panels_for_figures_k_and_l():
    titles = [axes.get_title() for axes in drawn(one=make_curve()).axes]
    assert [title[:2] for title in titles[:2]] == ["K:", "L:"]


def test_without_powers_there_is_the_frequency_alone():
    points = tuple(replace(point, power=np.nan, energy_per_spike=np.nan) for point in make_curve().points)
    (axes,) = drawn(twin=TransferCurve(points, {})).axes
    assert axes.get_ylabel() == "frequency (kHz)"


@pytest.mark.parametrize(
    "curve", [SILENT, TransferCurve((make_failure(5.0),), {}), TransferCurve((), {})], ids=["silent", "failed", "empty"]
)
def test_a_curve_with_nothing_to_draw_leaves_the_others_in_the_figure(curve):
    assert len(drawn(one=make_curve(), other=curve).axes) == 4


def test_curves_differ_in_their_markers_as_well_as_in_their_colours():
    figure = drawn(one=make_curve(), other=make_curve(1.1))
    handles = figure.legends[0].legend_handles
    markers = {(h[0] if isinstance(h, tuple) else getattr(h, "lines", [h])[0]).get_marker() for h in handles}
    assert len(markers) == 2
