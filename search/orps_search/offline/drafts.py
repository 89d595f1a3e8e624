"""What is tried before anything was executed: solutions, or edits of what is there."""

from collections.abc import Iterator

from orps_search.offline.goal import Goal
from orps_search.offline.reading.reader import Reading, read_examples
from orps_search.offline.reading.subject import subject_of
from orps_search.offline.repair import repairs_of
from orps_search.offline.solution import Solution, definition_with
from orps_search.offline.synthesizer import Synthesizer
from orps_search.problem import Problem
from orps_search.proposer import Proposal


def drafts_of(
    problem: Problem, *, seed: int, with_repairs: bool = True
) -> Iterator[Proposal | None]:
    """Yield proposals, likeliest first, and `None` between slices of work.

    `with_repairs` is for a present body that nobody else repairs.
    """
    if with_repairs and not problem.target.is_stub:
        yield from repairs_of(problem.target.source, problem, outcome=None, seed=seed)
    subject = subject_of(problem)
    if subject is None:
        return
    reading = read_examples(problem, subject)
    yield None
    if not reading.examples:
        return
    synthesizer = Synthesizer(
        Goal(examples=reading.examples, annotation=subject.signature.returns),
        subject,
        _prose(problem.target.docstring),
    )
    for solution in synthesizer.solutions():
        if solution is None:
            yield None
        else:
            yield Proposal(
                reasoning=_reasoning(solution, reading),
                code=definition_with(problem.target, solution.lines),
            )


def _prose(docstring: str | None) -> str:
    """Return the docstring without its examples."""
    return (docstring or "").partition(">>>")[0]


def _reasoning(solution: Solution, reading: Reading) -> str:
    matched = f"{solution.n_matched} of {solution.n_examples}"
    left_out = (
        f" {reading.n_not_understood} more assertions could not be read as examples."
        if reading.n_not_understood
        else ""
    )
    found = "the simplest" if solution.is_complete else "a partial"
    return (
        f"Written by the offline proposer, no model involved: {found} {solution.how}"
        f" that it found which agrees with {matched} examples read from the tests."
        f"{left_out}"
    )
