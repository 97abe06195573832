import json
from pathlib import Path

import pytest

from neurokit.device.vo2x import DEVICES, MEASURED_THRESHOLDS


@pytest.mark.slow
def test_the_demo_draws_every_figure_and_recovers_the_thresholds(neurokit):
    ended = neurokit("demo", "--out", "demo", "--json", "--quiet")
    assert ended.exit_code == 0
    document = json.loads(ended.stdout)
    assert all(Path(path).stat().st_size > 10_000 for path in document["files"] if path.endswith(".png"))
    rows = dict(zip(DEVICES, document["devices"], strict=True))
    for number, volts in MEASURED_THRESHOLDS.items():
        assert rows[number]["v_threshold"] == pytest.approx(volts, rel=0.02)
    amplitudes = [row["amplitude"] for row in rows.values()]
    assert amplitudes == sorted(amplitudes, reverse=True)
    assert amplitudes[-1] < 0.05 * amplitudes[0]
    assert max(row["peak_temperature"] for row in rows.values()) < 600
    cycles = document["threshold_noise"]["cycles"]
    assert document["threshold_noise"]["spread"] == pytest.approx(0.0072, rel=4 / (2 * cycles) ** 0.5)  # 4 sigma
    assert document["triple_point"]["method"] == "lines"
