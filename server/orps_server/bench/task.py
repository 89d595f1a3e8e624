"""One problem of a data set, in two halves: what a search sees, and what scores it."""

from dataclasses import dataclass

MODULE = "solution.py"
"""The stub's file; small data sets of one-file problems need no more."""
TESTS = "test_solution.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """All that a search may see."""

    id: str
    benchmark: str
    qualname: str
    """The stub's name in its module: a function or a class."""
    module: str
    """The text with the stub."""
    tests: str
    """The visible tests as a pytest file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What scores a finished search; no search is ever given one."""

    tests: str
    """A pytest file: the hidden tests, and those with more inputs."""
    reference: str
    """A right program, for measures relative to it; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    task: Task
    hidden: Hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A problem of the data set that cannot be played, and why."""

    id: str
    reason: str
