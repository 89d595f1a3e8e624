"""Tests that a model wrote as evidence: each counts by how far it can be trusted; pure.

A weak model's test is right one time in three, and then wrong in the way in which its
programs are: so no such test is believed by itself. Classes of programs and tests are
weighed in turn: a test is as reliable as the share of the classes' weight that passes
it, and a class gains by the tests that it passes what these are worth.
"""

import math
from collections.abc import Sequence

_SAMPLES_WEIGHT = 0.9
_TEST_WEIGHT = 0.6
"""Tests of one model are wrong together, so each counts for less than one."""
_PASSES_IF_RIGHT, _PASSES_IF_WRONG = 0.97, 0.35
_FAILING_SHARE = 0.5
"""A failed test says less than a passed one: most that are failed are wrong."""
_ROUNDS = 5


def weights(
    samples: Sequence[float], held: Sequence[tuple[bool, ...]]
) -> tuple[float, ...]:
    """How much speaks for each class: its samples, and the tests that hold for it.

    In nats, up to a constant. Without tests the order is that of the samples.
    """
    base = tuple(_SAMPLES_WEIGHT * math.log(each + 0.5) for each in samples)
    n_tests = min(map(len, held), default=0)
    found = base
    for _ in range(_ROUNDS if n_tests else 0):
        shares = _shares(found)
        worth = [
            _worth(sum(p for p, each in zip(shares, held, strict=True) if each[test]))
            for test in range(n_tests)
        ]
        found = tuple(
            own
            + sum(
                gain if ok else -_FAILING_SHARE * gain
                for gain, ok in zip(worth, each, strict=False)
            )
            for own, each in zip(base, held, strict=True)
        )
    return found


def _shares(logs: Sequence[float]) -> list[float]:
    most = max(logs)
    odds = [math.exp(each - most) for each in logs]
    return [each / sum(odds) for each in odds]


def _worth(reliability: float) -> float:
    """What passing a test is worth that is right with this probability."""
    right = reliability * _PASSES_IF_RIGHT + (1 - reliability) * _PASSES_IF_WRONG
    return _TEST_WEIGHT * math.log(right / (1 - right))
