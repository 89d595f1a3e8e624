"""Which values of a body that fails a repair has to keep."""

from orps_search.offline.repair.trust import gives_no_wrong_value, keeps
from support.searching import outcome

RAISED = "m.py:4: in f\n    return f(x)\nE   RecursionError: maximum depth"
CALLED = "test_m.py:9: in test_1\n    assert f(5) == -1\n" + RAISED
COMPARED = "test_m.py:9: in test_1\n    assert f(5) == -1\nE   assert 3 == -1"


def test_who_only_raises_was_never_seen_to_give_a_wrong_value() -> None:
    assert gives_no_wrong_value(outcome(False, True, message=CALLED))
    assert not gives_no_wrong_value(outcome(False, True, message=COMPARED))
    failed = "E   AssertionError: 3 != -1"
    assert not gives_no_wrong_value(outcome(False, message=failed))
    assert not gives_no_wrong_value(outcome(False, message="E   Failed: DID NOT RAISE"))


def test_each_value_that_was_given_is_given_still() -> None:
    before = ["1", "!RecursionError", "[2]", "?"]
    assert keeps(before, ["1", "-1", "[2]", "3"])
    assert not keeps(before, ["1", "!RecursionError", "[3]", "?"])
    # Nothing was given: nothing speaks for a repair.
    assert not keeps(["!timeout"], ["!timeout"])
