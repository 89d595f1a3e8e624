"""Candidates by what they do, the group first that most speaks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orps_search.candidate import Candidate, CandidateId

_NO_LINES = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Between its members no call told a difference."""

    members: tuple[Candidate, ...]
    """In the order of the ranking, so the first stands for them."""

    @property
    def representative(self) -> Candidate:
        return self.members[0]

    @property
    def ids(self) -> tuple[CandidateId, ...]:
        return tuple(member.id for member in self.members)


def grouped(
    ranking: Sequence[Candidate], behaviors: Mapping[CandidateId, object]
) -> tuple[Group, ...]:
    """Groups by equal behavior: the largest first, then the critic, then the simplest.

    Samples that agree were written independently of each other, which speaks for them
    more than what a critic says of one.
    """
    by_behavior: dict[object, list[Candidate]] = {}
    for candidate in ranking:
        by_behavior.setdefault(behaviors[candidate.id], []).append(candidate)
    groups = [Group(members=tuple(members)) for members in by_behavior.values()]
    place = {candidate.id: idx for idx, candidate in enumerate(ranking)}
    return tuple(sorted(groups, key=lambda group: _key(group, place)))


def _key(group: Group, place: Mapping[CandidateId, int]) -> tuple[int, int, int, int]:
    rewards = [
        member.critique.process_reward or 0
        for member in group.members
        if member.critique is not None
    ]
    lines = [member.static_metrics.lines or _NO_LINES for member in group.members]
    return (
        -len(group.members),
        -max(rewards, default=0),
        min(lines),
        place[group.representative.id],
    )
