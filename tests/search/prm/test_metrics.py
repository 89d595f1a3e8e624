"""The figures are what their names say."""

import pytest

from orps_search.prm.metrics import (
    auc,
    auc_with_interval,
    calibration,
    expected_calibration_error,
    held_out,
)


def test_area_under_the_curve():
    assert auc([True, False], [0.9, 0.1]) == 1.0
    assert auc([True, False], [0.1, 0.9]) == 0.0
    assert auc([True, False, True, False], [0.5, 0.5, 0.5, 0.5]) == 0.5
    assert auc([True, True, False, False], [0.8, 0.3, 0.5, 0.1]) == 0.75
    assert auc([True], [0.3]) == 0.5


def test_the_interval_is_over_problems():
    labels = [True, False] * 20
    scores = [0.9, 0.1] * 15 + [0.1, 0.9] * 5
    problems = [str(number // 2) for number in range(40)]
    found = auc_with_interval(labels, scores, problems)
    assert found.low < found.value < found.high
    assert found == auc_with_interval(labels, scores, problems)
    alone = auc_with_interval(labels, scores, ["one"] * 40)
    assert alone.low == alone.value == alone.high


def test_calibration_counts_what_became_of_each_tenth():
    bins = calibration([True, False, True, True], [0.05, 0.05, 0.95, 1.0])
    assert [(each.n, each.observed) for each in bins] == [(2, 0.5), (2, 1.0)]
    assert expected_calibration_error(bins) == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)


def test_whole_problems_are_held_out():
    names = [f"p{number}" for number in range(10)] * 3
    chosen = held_out(names, share=0.3, seed=1)
    assert len(chosen) == 3
    assert chosen == held_out(names[::-1], share=0.3, seed=1)
