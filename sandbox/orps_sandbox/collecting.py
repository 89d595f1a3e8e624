"""What the attempt to collect has shown, in words for a person; pure."""

from orps_sandbox.death import cause_of_death
from orps_sandbox.flakiness import flaky_among
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import CaseStatus
from orps_sandbox.program import CaseSelection, Collection, CollectionProblem
from orps_sandbox.reports import Attempt
from orps_sandbox.screening import passed_of
from orps_sandbox.worker.selection import covers, path_of

_OUTPUT_CHARACTERS = 500


def collection_of(
    attempt: Attempt,
    selection: CaseSelection,
    limits: Limits,
    *,
    may_deselect: bool,
    python_version: str,
    pytest_version: str,
) -> Collection:
    """`may_deselect`: pytest was told to leave cases out, so missing ones are no fault."""
    case_ids = attempt.collected.case_ids if attempt.collected else ()
    problems = list(attempt.problems)
    if attempt.exit_status is None:
        problems.append(_death(attempt, limits))
    elif attempt.collected is None and not problems:
        message = attempt.terminal or attempt.output or "pytest collected nothing"
        problems.append(CollectionProblem(where=attempt.collecting, message=message))
    elif not may_deselect:
        problems += _missing(attempt, selection, problems)
    return Collection(
        case_ids=case_ids,
        problems=tuple(problems),
        flaky=flaky_among(case_ids, map(passed_of, attempt.repeated)),
        python_version=python_version,
        pytest_version=pytest_version,
    )


def _missing(
    attempt: Attempt, selection: CaseSelection, problems: list[CollectionProblem]
) -> list[CollectionProblem]:
    """Name what was selected and not found, unless its file has a problem anyway."""
    case_ids = attempt.collected.case_ids if attempt.collected else ()
    docstrings = attempt.collected.docstrings if attempt.collected else ()
    failed = {path_of(problem.where) for problem in problems}
    missing = [
        CollectionProblem(where=wanted, message="pytest collects no case of this name")
        for wanted in selection.node_ids
        if "::" in wanted and not any(covers(wanted, case) for case in case_ids)
    ]
    missing += [
        CollectionProblem(where=entry, message="the docstring holds no examples")
        for entry in selection.doctests
        if entry not in docstrings
    ]
    return [problem for problem in missing if path_of(problem.where) not in failed]


def _death(attempt: Attempt, limits: Limits) -> CollectionProblem:
    where = attempt.collecting
    cause = cause_of_death(attempt, limits)
    message = f"importing and collecting {where or 'the tests'} {cause.reason}"
    if attempt.output.strip():
        message += f"\n{attempt.output.strip()[-_OUTPUT_CHARACTERS:]}"
    return CollectionProblem(
        where=where, message=message, is_timeout=cause.status is CaseStatus.TIMEOUT
    )
