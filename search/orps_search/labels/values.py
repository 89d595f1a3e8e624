"""What executing a program and its mutants says about each statement; pure.

After PRLCoder (arXiv 2502.01715): a statement is changed, everything before and after
it stays, and the tests decide. A *completion* of the prefix that ends with a statement
is any program that was executed and begins with that prefix: the program itself, and
its mutants at later statements.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orps_sandbox.outcome import CaseStatus, ExecutionOutcome
from orps_search.mutation import REFACTORINGS, Mutant, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LabeledMutant:
    mutant: Mutant
    outcome: ExecutionOutcome
    kept: bool
    """Every case that the program passes still passes."""
    label: int | None
    """1 kept, 0 broken; `None` where no case executes the statement."""

    @property
    def is_refactoring(self) -> bool:
        return self.mutant.operator in REFACTORINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class LabeledStep:
    step: Step
    text: str
    label: int | None
    """1 if a completion of the prefix up to and with this statement passes all cases,
    0 if none did, `None` if no case executes the statement."""
    n_cases: int
    """Cases that execute it."""
    n_completions: int
    n_passing: int
    """Completions that pass all cases."""
    n_broken: int
    """Mutants of this statement that break a case."""
    n_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """One program: its statements in the order of the text, and all mutants that ran."""

    text: str
    """The module, as it was executed."""
    outcome: ExecutionOutcome
    steps: tuple[LabeledStep, ...]
    mutants: tuple[LabeledMutant, ...]
    case_seconds: float | None
    """The time that a case of a mutant was allowed; `None`: that of the settings."""


def labeled_mutant(
    mutant: Mutant, outcome: ExecutionOutcome, original: ExecutionOutcome, step: Step
) -> LabeledMutant:
    kept = _passed(original) <= _passed(outcome)
    executed = _n_executing(step, original) > 0
    return LabeledMutant(
        mutant=mutant,
        outcome=outcome,
        kept=kept,
        label=int(kept) if executed else None,
    )


def labeled_steps(
    text: str,
    steps: Sequence[Step],
    original: ExecutionOutcome,
    mutants: Iterable[LabeledMutant],
) -> tuple[LabeledStep, ...]:
    tried = list(mutants)
    return tuple(_labeled(text, step, original, tried) for step in steps)


def _labeled(
    text: str, step: Step, original: ExecutionOutcome, mutants: Sequence[LabeledMutant]
) -> LabeledStep:
    own = [each for each in mutants if each.mutant.at == step.start]
    later = [
        each.outcome for each in mutants if each.mutant.edit.start >= step.text_end
    ]
    passing = [each for each in (original, *later) if each.all_passed]
    n_cases = _n_executing(step, original)
    return LabeledStep(
        step=step,
        text=text[step.text_start : step.text_end],
        label=int(bool(passing)) if n_cases else None,
        n_cases=n_cases,
        n_completions=1 + len(later),
        n_passing=len(passing),
        n_broken=sum(not each.kept for each in own),
        n_kept=sum(each.kept for each in own),
    )


def _n_executing(step: Step, outcome: ExecutionOutcome) -> int:
    lines = set(range(step.line, step.end_line + 1))
    return sum(
        bool(case.lines and lines & case.lines)
        for case in outcome.cases
        if case.status is not CaseStatus.SKIPPED
    )


def _passed(outcome: ExecutionOutcome) -> set[str]:
    return {case.id for case in outcome.cases if case.status is CaseStatus.PASSED}
