"""In which order to try edits: blame first, then how likely the mistake is; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from random import Random
from typing import Final

from orps_sandbox.outcome import ExecutionOutcome
from orps_search.blame import suspicions
from orps_search.mutation.edits import Edit, Source, sources_of
from orps_search.mutation.engine import edits_of
from orps_search.mutation.operator import REFACTORINGS, Operator
from orps_search.mutation.scope import scope_of
from orps_search.mutation.steps import step_at, steps_of
from orps_search.offline.example import Example
from orps_search.offline.repair.guards import guard_edits
from orps_search.offline.repair.suspicion import clues_of, suspicion

_INNOCENT: Final = 4
"""What a line that fails least costs, in steps of likelihood."""
_NOT_EXECUTED: Final = 8
_READS_THE_UNREAD: Final = 2
"""What no line reads is seldom there for nothing."""
_FREE_AMONG_PAIRS: Final = 40
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    edit: Edit
    score: float
    """Lower is tried earlier."""


def ranked_edits(
    text: str,
    qualname: str,
    *,
    outcome: ExecutionOutcome,
    examples: tuple[Example, ...],
    seed: int,
    blame: bool = True,
) -> list[Ranked]:
    """Return all edits of the target, the likeliest repair first.

    `outcome` is that of the text, with its lines where they were traced. The seed
    decides only between edits that are equally likely.
    """
    lines: Mapping[int, float] = suspicions(outcome) if blame else {}
    clues = clues_of(outcome)
    ranked: dict[tuple[int, int, str], Ranked] = {}
    for source in sources_of(text, qualname):
        cost = _cost_of_places(source, lines)
        unread = scope_of(source).unread
        for edit in _edits(source, examples):
            score = suspicion(edit, clues) + cost(edit)
            if _reads(edit, unread):
                score -= _READS_THE_UNREAD
            key = (edit.start, edit.end, edit.replacement)
            known = ranked.get(key)
            if known is None or score < known.score:
                ranked[key] = Ranked(edit=edit, score=score)
    found = list(ranked.values())
    if seed:
        Random(seed).shuffle(found)  # noqa: S311 - a choice, not a secret
    return sorted(found, key=lambda each: each.score)


def pairs_of(
    promising: Sequence[Ranked], others: Sequence[Ranked]
) -> Iterator[tuple[Ranked, Ranked]]:
    """Yield two edits at a time: one that helped with each other edit, then the rest.

    `promising` made a failing case pass that was tried first.
    """
    chosen = {id(each) for each in promising}
    for first in promising:
        for second in others:
            if id(second) not in chosen and not _overlap(first.edit, second.edit):
                yield first, second
    both = [*combinations(promising, 2)]
    both += combinations(islice(others, _FREE_AMONG_PAIRS), 2)
    for first, second in sorted(both, key=lambda pair: pair[0].score + pair[1].score):
        if not _overlap(first.edit, second.edit):
            yield first, second


def _edits(source: Source, examples: tuple[Example, ...]) -> Iterator[Edit]:
    yield from guard_edits(source, examples)
    for edit in edits_of(source):
        if edit.operator not in REFACTORINGS and edit.operator is not Operator.DEFAULT:
            yield edit


def _cost_of_places(source: Source, lines: Mapping[int, float]):  # noqa: ANN202
    steps = steps_of(source)
    highest = max(lines.values(), default=0.0)

    def of_lines(numbers: Iterable[int]) -> float:
        known = [lines[number] for number in numbers if number in lines]
        if not known:
            return _NOT_EXECUTED
        return _INNOCENT * (1 - max(known) / highest)

    def cost(edit: Edit) -> float:
        if not lines or not steps:
            return 0
        step = step_at(steps, max(edit.start, steps[0].start))
        own = range(step.line, step.end_line + 1)
        # What is missing may be missing after the last line that ran.
        after = step_at(steps, max(steps[0].start, edit.start - 1))
        near = range(after.line, after.end_line + 1)
        return min(of_lines(own), of_lines(near))

    return cost


def _reads(edit: Edit, names: frozenset[str]) -> bool:
    """Whether the edit makes the function use a name that nothing uses."""
    return bool(names) and not names.isdisjoint(_WORD.findall(edit.replacement))


def _overlap(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end
