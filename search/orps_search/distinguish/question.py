"""Which call to ask about: one that people can answer, and that decides much."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orps_sandbox.observation import Observation
from orps_search.candidate import CandidateId
from orps_search.distinguish.answers import Answer, answer
from orps_search.distinguish.groups import Group
from orps_search.selection.outputs import normal_output


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer, and who gives it."""

    answer: Answer
    groups: tuple[int, ...]
    """Indices into the groups, the likeliest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    call: str
    options: tuple[Option, ...]
    """At least two; the likeliest group's first."""

    def text(self, ranks: Mapping[int, str]) -> str:
        """`median([]): #1 raises ValueError, #2 returns None`; `ranks` name groups."""
        said = (f"{ranks[o.groups[0]]} {o.answer.words}" for o in self.options)
        return f"{self.call}: {', '.join(said)}"


def question(
    groups: Sequence[Group],
    calls: Sequence[str],
    seen: Mapping[CandidateId, Sequence[Observation]],
) -> Question | None:
    """The best one about these calls; `None` where all groups answer alike.

    Tests can be written for its answers, it parts the two likeliest groups, it is
    short, and it parts the rest: in this order.
    """
    asked = [
        (made, _entropy(made, groups))
        for made in _questions(groups, calls, seen)
        if len(made.options) > 1
    ]
    if not asked:
        return None
    return min(asked, key=lambda pair: _key(*pair))[0]


def _questions(
    groups: Sequence[Group],
    calls: Sequence[str],
    seen: Mapping[CandidateId, Sequence[Observation]],
) -> Iterable[Question]:
    for number, call in enumerate(calls):
        parts: dict[str, list[int]] = {}
        for idx, group in enumerate(groups):
            observation = seen[group.representative.id][number]
            parts.setdefault(normal_output(observation), []).append(idx)
        options = (
            Option(
                answer=answer(seen[groups[part[0]].representative.id][number]),
                groups=tuple(part),
            )
            for part in parts.values()
        )
        yield Question(call=call, options=tuple(options))


def _key(asked: Question, entropy: float) -> tuple[int, bool, int, float]:
    n_unsayable = sum(not option.answer.is_sayable for option in asked.options)
    joins_best = {0, 1} <= set(asked.options[0].groups)
    return (n_unsayable, joins_best, len(asked.call), -entropy)


def _entropy(asked: Question, groups: Sequence[Group]) -> float:
    sizes = [
        sum(len(groups[idx].members) for idx in option.groups)
        for option in asked.options
    ]
    total = sum(sizes)
    return -sum(size / total * math.log2(size / total) for size in sizes)
