"""The candidates that pass every case, best first, known at every instant.

Classes come by how many samples share their outputs, input by input, then by how many
samples reached the class; within a class efficiency decides, then the critic, brevity
and age. What changes with a sample is kept small: a class is weighed, not its members.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator

from orps_search.candidate import Candidate
from orps_search.policies.behavior import BehaviorClass
from orps_search.policies.pool import age
from orps_search.reward import answer_key, process_reward
from orps_search.selection.votes import Votes

_MOST_WEIGHED = 64
"""Classes beyond the first so many follow in the order of their sizes. Where so many
behaviors pass, tests say next to nothing, and agreement is not to be had."""

_Key = tuple[object, ...]


class Passing:
    """Told of each sample that passes; asked for the best at any time."""

    def __init__(self) -> None:
        self._votes = Votes()
        self._classes: list[BehaviorClass] = []
        self._members: dict[str, list[tuple[_Key, Candidate]]] = {}
        self._n_members = 0
        self._sorted = True

    def __len__(self) -> int:
        return self._n_members

    def add(
        self, candidate: Candidate, reached: BehaviorClass, *, is_new: bool
    ) -> None:
        """One sample; a known program only adds to the agreement."""
        self._votes.add(candidate.outputs)
        self._sorted = False
        if reached.name not in self._members:
            self._members[reached.name] = []
            self._classes.append(reached)
        if is_new:
            self._n_members += 1
            insort(self._members[reached.name], (_within_class(candidate), candidate))

    def know(self, reviewed: Candidate, before: Candidate, of: BehaviorClass) -> None:
        """A member with its critique, which may lift it within its class."""
        members = self._members[of.name]
        del members[bisect_left(members, _within_class(before), key=_key)]
        insort(members, (_within_class(reviewed), reviewed))

    def ranking(self) -> Iterator[Candidate]:
        """Best first."""
        return (member for each in self._ordered() for _, member in self._of(each))

    def best(self) -> Candidate | None:
        return next(self.ranking(), None)

    def _of(self, each: BehaviorClass) -> list[tuple[_Key, Candidate]]:
        return self._members[each.name]

    def _ordered(self) -> list[BehaviorClass]:
        if not self._sorted:
            self._classes.sort(key=lambda each: -each.n_samples)
            weighed = self._classes[:_MOST_WEIGHED]
            support = {
                each.name: self._votes.support(each.representative.outputs)
                for each in weighed
            }
            weighed.sort(
                key=lambda each: (
                    -support[each.name],
                    -each.n_samples,
                    self._members[each.name][0][0],
                )
            )
            self._classes[:_MOST_WEIGHED] = weighed
            self._sorted = True
        return self._classes


def _key(member: tuple[_Key, Candidate]) -> _Key:
    return member[0]


def _within_class(candidate: Candidate) -> _Key:
    """Smaller is better; the id makes every key another one."""
    return (
        answer_key(candidate),
        -process_reward(candidate),
        len(candidate.code),
        age(candidate),
    )
