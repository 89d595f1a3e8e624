"""All single edits of a definition, in the order in which to try them."""

import ast
from collections.abc import Iterator
from random import Random
from typing import Final

from orps_sandbox.outcome import ExecutionOutcome
from orps_search.mutation.edits import Edit, Source, applied, parsed
from orps_search.mutation.engine import edits_of
from orps_search.mutation.operator import REFACTORINGS
from orps_search.offline.example import Example
from orps_search.offline.reading.reader import read_examples
from orps_search.offline.reading.subject import subject_of
from orps_search.offline.repair.guards import guard_edits
from orps_search.offline.repair.suspicion import clues_of, suspicion
from orps_search.problem import Problem
from orps_search.proposer import Proposal

_MAX_REPAIRS: Final = 1200


def repairs_of(
    code: str, problem: Problem, *, outcome: ExecutionOutcome | None, seed: int
) -> Iterator[Proposal | None]:
    """Yield the definition with one edit each, likeliest first.

    `outcome` is that of the code, where it is known. The seed decides only between
    edits that are equally likely; 0 takes them in the order of the text.
    """
    source = parsed(code)
    if source is None:
        return
    edits = list(_edits(source, _examples(problem)))
    yield None
    clues = clues_of(outcome)
    if seed:
        Random(seed).shuffle(edits)  # noqa: S311 - a choice, not a secret
    edits.sort(key=lambda edit: suspicion(edit, clues))
    for edit in edits[:_MAX_REPAIRS]:
        text = applied(code, edit)
        if text == code or not _parses(text):
            yield None
            continue
        yield Proposal(
            reasoning=(
                "Repaired by the offline proposer, no model involved: one edit,"
                f" {edit.what}."
            ),
            code=text,
        )


def _edits(source: Source, examples: tuple[Example, ...]) -> Iterator[Edit]:
    yield from guard_edits(source, examples)
    for edit in edits_of(source):
        if edit.operator not in REFACTORINGS:
            yield edit


def _examples(problem: Problem) -> tuple[Example, ...]:
    subject = subject_of(problem)
    return read_examples(problem, subject).examples if subject is not None else ()


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
