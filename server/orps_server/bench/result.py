"""What one search of a benchmark came to, and its line in the results file."""

from collections.abc import Mapping
from dataclasses import dataclass

import cattrs

OWN = "own"
"""The picker of the policy itself."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RunKey:
    """Which search it was; a search with the same key brings the same result."""

    task: str
    model: str
    """Who answered, where a data set is played with several; else empty."""
    policy: str
    budget: int
    """Calls of any kind that were allowed."""
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """The candidate that one picker chose at the end."""

    visible: bool
    """It passes every visible test."""
    solved: bool
    """It passes every visible and every hidden test."""

    @property
    def is_false_accept(self) -> bool:
        return self.visible and not self.solved


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From this call on, this is what the search would have returned."""

    calls: int
    visible: bool
    solved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    key: RunKey
    benchmark: str
    picks: Mapping[str, Pick]
    """By picker; without an entry where there was no candidate at all."""
    curve: tuple[Step, ...]
    """Of the policy's own best candidate."""
    calls: int
    tokens: int
    """Estimated where recordings answer, counted by the endpoint elsewhere."""
    executions: int
    """Distinct programs that were run on the visible tests."""
    calls_to_pass: int | None
    """Calls until a candidate passed every visible test; `None` if none did."""
    stop_reason: str
    code: str
    """What the policy's own picker chose; empty if there is none."""
    cpu_seconds: float
    """Of the visible tests of all programs; measured, so never the same twice."""
    tier: str
    """How strongly the executions were confined where they ran."""

    @property
    def area(self) -> float:
        """Under the anytime curve: the mean over calls of being solved, 0 to 1."""
        return area(self.curve, self.key.budget)


def area(curve: tuple[Step, ...], budget: int) -> float:
    """Share of the calls 1..budget after which the best candidate was right."""
    if not curve:
        return 0.0
    ends = [step.calls for step in curve[1:]] + [budget + 1]
    solved = sum(
        max(0, min(end, budget + 1) - step.calls)
        for step, end in zip(curve, ends, strict=True)
        if step.solved
    )
    return solved / budget


def solved_after(run: Run, calls: int) -> bool:
    """Whether the best candidate was right after so many calls, or at the end."""
    solved = False
    for step in run.curve:
        if step.calls > calls:
            break
        solved = step.solved
    return solved


_CONVERTER = cattrs.Converter(forbid_extra_keys=True)


def run_to_json(run: Run) -> dict[str, object]:
    return _CONVERTER.unstructure(run)


def run_from_json(document: object) -> Run:
    """Raise `ValueError` for what is no run of this version."""
    try:
        return _CONVERTER.structure(document, Run)
    except Exception as error:
        raise ValueError(str(error)) from error
