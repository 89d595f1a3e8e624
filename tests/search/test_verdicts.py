"""The words that the editor and the shell share."""

import pytest

from orps_sandbox.outcome import CaseResult, CaseStatus
from orps_search.verdicts import complaint, failures, passes
from support.searching import outcome


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        ((True,), "passes 1 of 1 test"),
        ((False,), "passes 0 of 1 test"),
        ((True, False), "passes 1 of 2 tests"),
        ((), "passes 0 of 0 tests"),
    ],
)
def test_tests_are_counted(passed: tuple[bool, ...], words: str):
    assert passes(outcome(*passed)) == words


def test_only_what_counts_fails():
    assert failures(outcome(True)) == ()
    assert [case.id for case in failures(outcome(True, False))] == ["test_m.py::test_1"]


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "in test\n    assert f(5) == 5\nE   assert 0 == 5\nE    + where 0 = f(5)",
            "assert 0 == 5",
        ),
        (
            "m.py:2: in f\n    1/0\nE   ZeroDivisionError: zero",
            "ZeroDivisionError: zero",
        ),
        ("Expected:\n    3\nGot:\n    4\n", "4"),
        ("took longer than 5 s", "took longer than 5 s"),
        ("", ""),
    ],
)
def test_the_line_that_names_the_error(message: str, line: str):
    case = CaseResult(id="t", status=CaseStatus.FAILED, message=message)
    assert complaint(case) == line
