"""Which observations count as the same."""

import pytest

from orps_sandbox.observation import Observation, ObservationKind
from orps_search.selection.outputs import normal_output

VALUE, RAISED = ObservationKind.VALUE, ObservationKind.RAISED


def seen(kind: ObservationKind, text: str) -> str:
    return normal_output(Observation(kind=kind, text=text))


@pytest.mark.parametrize(
    ("one", "other", "are_equal"),
    [
        ("0.30000000000000004", "0.3", True),
        ("[1.0, {'a': 2.5000000000001}]", "[1, {'a': 2.5}]", True),
        ("-1e-07", "-1.0000000000001e-07", True),
        ("0.301", "0.3", False),
        ("'0.30000000000000004'", "'0.3'", False),
        ("123456789012345", "123456789012346", False),
        ("True", "1", False),
        ("[1, 2]", "(1, 2)", False),
        ("inf", "nan", False),
        ("x1.50", "x1.5", False),
    ],
)
def test_values(one: str, other: str, *, are_equal: bool) -> None:
    assert (seen(VALUE, one) == seen(VALUE, other)) is are_equal


def test_exceptions_are_compared_by_their_type() -> None:
    assert seen(RAISED, "ValueError: no") == seen(RAISED, "ValueError: never")
    assert seen(RAISED, "ValueError: no") != seen(RAISED, "KeyError: 'no'")
    assert seen(RAISED, "ValueError") != seen(VALUE, "ValueError")


def test_what_cannot_be_seen_is_alike() -> None:
    opaque = ObservationKind.OPAQUE
    assert seen(opaque, "<function f>") == seen(opaque, "<object>")
    kinds = {seen(kind, "text") for kind in ObservationKind}
    assert len(kinds) == len(ObservationKind)
