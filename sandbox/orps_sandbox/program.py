"""What is executed: a project as its tests see it, and one program in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orps_sandbox.flakiness import FlakyCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A Python project: the tree on disk and, over it, unsaved texts.

    The tree is only ever read; runs see private copies of it.
    """

    root: Path
    """Absolute; pytest's working directory in the copy."""
    interpreter: Path
    """The project's own Python, 3.9 or newer, with its own pytest."""
    overlay: Mapping[str, str] = field(default_factory=dict[str, str])
    """Texts that replace or add files, by POSIX path relative to `root`."""
    pytest_args: tuple[str, ...] = ()
    """Further arguments for pytest, before those that runs need."""
    preimports: tuple[str, ...] = ()
    """Modules that every run imports; warm workers have those that are installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSelection:
    """Which cases belong to the target, before pytest has seen them."""

    node_ids: tuple[str, ...] = ()
    """pytest node ids or files, relative to the root; an unparametrized id
    stands for all of its parameter sets."""
    doctests: tuple[str, ...] = ()
    """`path/of/module.py::Qual.name`: the doctest of that one docstring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionProblem:
    where: str
    """The node id or file that did not collect."""
    message: str
    """pytest's own words."""
    is_timeout: bool = False
    """It was ended for taking too long, which says nothing of what it would show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What pytest found for a selection."""

    case_ids: tuple[str, ...]
    problems: tuple[CollectionProblem, ...]
    python_version: str
    pytest_version: str
    flaky: tuple[FlakyCase, ...] = ()
    """Cases among `case_ids` that vary by themselves, where that was looked for."""

    @property
    def steady_ids(self) -> tuple[str, ...]:
        """The cases whose verdicts say something."""
        flaky = {case.id for case in self.flaky}
        return tuple(case for case in self.case_ids if case not in flaky)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One candidate in its project."""

    files: Mapping[str, str]
    """Texts that differ from the project's, by relative POSIX path; the target's
    module with the candidate in place."""
    selection: CaseSelection
    case_ids: tuple[str, ...]
    """The ids that were collected; each gets a result, reported or not."""
    case_seconds: float | None = None
    """Less time for a case than the limits of the executor give, never more."""
    trace_lines: bool = False
    """Tell of each case which lines of `files` it executed; in-process, and slower."""
