"""Flaky tests are no part of what code is written from."""

from dataclasses import replace

from orps_sandbox.flakiness import FlakyCase
from orps_search.deciding_tests import deciding_sources
from orps_search.prompts import programmer_messages
from orps_search.proposer import Expansion, ExpansionId
from support.searching import problem

TESTS = """\
import pytest
from m import double


def test_two():
    assert double(1) == 2


@pytest.mark.slow
def test_odd():
    assert double(1) == now()


@pytest.mark.parametrize("x", [1, 2])
def test_each(x):
    assert double(x) == 2 * x


class TestDouble:
    def test_three(self):
        assert double(3) == 6

    def test_late(self):
        assert double(3) == later()
"""
STEADY = ("test_two", "test_each[1]", "TestDouble::test_three")
FLAKY = ("test_odd", "test_each[2]", "TestDouble::test_late")
PROBLEM = replace(
    problem(test_sources={"test_m.py": TESTS, "test_n.py": TESTS}),
    case_ids=tuple(f"test_m.py::{each}" for each in STEADY),
    flaky=tuple(
        FlakyCase(id=f"test_m.py::{each}", n_passed=1, n_runs=3) for each in FLAKY
    ),
)


def test_a_test_that_is_flaky_in_every_case_is_cut_out() -> None:
    sources = deciding_sources(PROBLEM)
    shown = sources["test_m.py"]
    assert "now()" not in shown
    assert "later()" not in shown
    assert "mark.slow" not in shown
    assert all(each in shown for each in ("test_two", "test_each", "test_three"))
    assert sources["test_n.py"] == TESTS
    assert deciding_sources(replace(PROBLEM, flaky=())) == PROBLEM.test_sources


def test_no_model_is_shown_one() -> None:
    draft = Expansion(id=ExpansionId(1), parent=None, round=0, sample=0)
    only = replace(PROBLEM, test_sources={"test_m.py": TESTS})
    _, asked = programmer_messages(only, draft)
    assert "double(3) == 6" in asked.content
    assert "later()" not in asked.content
