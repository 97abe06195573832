"""Rates by class and neuron add up to what the report says of all of them."""

from types import SimpleNamespace

import numpy as np
import pytest

from neurokit.verification.rates import ALL, LISTED, Rates, by_class, furthest, rates_of

F_FULL = 1e6  # Hz


def make_rates(labels=(3, 7, 3), layers=(2, 2, 3)):
    generator = np.random.default_rng(1)
    shares = {way: generator.random((len(labels), len(layers))) for way in ("ngspice", "spiking", "rate")}
    neurons = [1 + layers[:k].count(layer) for k, layer in enumerate(layers)]
    return Rates(np.array(labels, dtype=np.int64), np.array(layers), np.array(neurons), shares)


def test_every_neuron_has_a_row_for_each_class_and_one_for_all_digits():
    rows = by_class(make_rates(), F_FULL)
    assert [(row["class"], row["digits"]) for row in rows[::3]] == [("3", 2), ("7", 1), (ALL, 3)]
    assert [(row["layer"], row["neuron"]) for row in rows[:3]] == [(2, 1), (2, 2), (3, 1)]


def test_rates_are_means_over_digits_in_hertz_and_errors_means_of_differences():
    rates = make_rates()
    row = by_class(rates, F_FULL)[1]  # the second neuron, class 3
    circuit, spiking, rate = (rates.shares[way][[0, 2], 1] for way in ("ngspice", "spiking", "rate"))
    assert row["ngspice"] == pytest.approx(F_FULL * circuit.mean())
    assert row["rate"] == pytest.approx(F_FULL * rate.mean())
    assert row["error_spiking"] == pytest.approx(np.abs(circuit - spiking).mean())
    assert row["error_spiking"] > abs(row["ngspice"] - row["spiking"]) / F_FULL  # errors of both signs do not cancel


def test_the_neurons_furthest_apart_are_listed_first_and_only_so_many():
    rows = by_class(make_rates(layers=(2,) * 20), F_FULL)
    errors = [row["error_spiking"] for row in rows if row["class"] == ALL]
    assert [row["error_spiking"] for row in furthest(rows)] == sorted(errors, reverse=True)[:LISTED]


def test_without_a_digit_there_is_no_row():
    rates = rates_of(SimpleNamespace(sizes=(784, 3, 10)), [])
    assert rates.shares["ngspice"].shape == (0, 13)
    assert furthest(by_class(rates, F_FULL)) == []
