"""Runs the collected cases several times on the person's own text, to see which vary.

Each repeat is a fork of the session, so it costs what the cases cost. Python's random
numbers differ in each fork by themselves, numpy's only if it is told so.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from orps_sandbox.worker.forked_cases import run_in_fork

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

MAX_SECONDS = 3.0
"""For all repeats: who waits for a search does not wait longer for its baseline."""


def repeat(
    items: Sequence[pytest.Item], times: int, *, case_seconds: float
) -> list[str]:
    """A word per repeat, see `run_in_fork`; the last ones are cut where time is up."""
    words: list[str] = []
    end = time.monotonic() + MAX_SECONDS
    while len(words) < times and (left := end - time.monotonic()) > 0:
        seconds = min(case_seconds, left)
        words.append(
            run_in_fork(
                items, prepare=_reseed, cpu_seconds=seconds, wall_seconds=seconds
            )
        )
    return words


def _reseed() -> None:
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
