"""The candidates that pass every case, best first, known at every instant.

Classes whose verdict cannot be forged come first, then by how much they keep of what
the docstring and the body that was there before say, then by how many samples share
their outputs, input by input, then by how many samples reached the class; tests that a
model wrote, where there are any, weigh in with the agreement. Within a class come first
those without names that nothing defines; then efficiency decides, then the critic,
brevity and age. What changes with a sample is kept small: a class is weighed, not its
members.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator
from itertools import chain, islice

from orps_sandbox.outcome import Judge
from orps_search.candidate import Candidate
from orps_search.policies.behavior import BehaviorClass
from orps_search.policies.pool import age
from orps_search.reward import answer_key, process_reward
from orps_search.selection.reliability import weights
from orps_search.selection.votes import Votes

_MOST_WEIGHED = 16
"""Classes beyond the largest so many follow in the order in which they came. Where so
many behaviors pass, tests say next to nothing, and agreement is not to be had."""

_JUDGEMENT = 0.55
"""In nats, as agreement and tests that a model wrote; two judgements in two orders make
up for three samples against one."""

_Key = tuple[object, ...]


class Passing:
    """Told of each sample that passes; asked for the best at any time."""

    def __init__(self) -> None:
        self._votes = Votes()
        self._weighed: list[BehaviorClass] = []
        self._weighed_names: set[str] = set()
        self._others: list[BehaviorClass] = []
        self._members: dict[str, list[tuple[_Key, Candidate]]] = {}
        self._n_members = 0
        self._sorted = True
        self._judged: dict[str, float] = {}
        """What judgements are worth, by class."""

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
            self._others.append(reached)
        self._place(reached)
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

    def rivals(self) -> tuple[Candidate, Candidate] | None:
        """The best of the first two classes; `None` where tiers or nobody decide."""
        first, second = (*islice(self._ordered(), 2), None, None)[:2]
        if first is None or second is None:
            return None
        if first.representative.kept != second.representative.kept:
            return None
        return self._of(first)[0][1], self._of(second)[0][1]

    def favor(self, judged: BehaviorClass) -> None:
        """A judge has preferred it to another one."""
        self._judged[judged.name] = self._judged.get(judged.name, 0.0) + _JUDGEMENT
        self._sorted = False

    def best(self) -> Candidate | None:
        """The first of the ranking, which is asked for at each step."""
        if not self._weighed:
            return None
        self._sort()
        return self._of(self._weighed[0])[0][1]

    def _of(self, each: BehaviorClass) -> list[tuple[_Key, Candidate]]:
        return self._members[each.name]

    def _ordered(self) -> Iterator[BehaviorClass]:
        self._sort()
        return chain(self._weighed, self._others)

    def _sort(self) -> None:
        if self._sorted:
            return
        weight = self._weights()
        self._weighed.sort(
            key=lambda each: (
                self._of(each)[0][1].outcome.judge is not Judge.SPLIT,
                -(each.representative.kept or 0.0),
                -weight[each.name],
                -each.n_samples,
                self._members[each.name][0][0],
            )
        )
        self._sorted = True

    def _weights(self) -> dict[str, float]:
        """What speaks for each class: agreement, tests of a model, and judgements."""
        shown = [each.representative for each in self._weighed]
        support = [float(self._votes.support(each.outputs)) for each in shown]
        if self._judged or any(each.generated for each in shown):
            agreeing = [
                all_ / len(each.outputs) if each.outputs else own.n_samples
                for all_, each, own in zip(support, shown, self._weighed, strict=True)
            ]
            support = weights(agreeing, [each.generated for each in shown])
        return {
            each.name: weight + self._judged.get(each.name, 0.0)
            for each, weight in zip(self._weighed, support, strict=True)
        }

    def _place(self, reached: BehaviorClass) -> None:
        """Weigh it if it is among the largest; the others keep their order."""
        if reached.name in self._weighed_names:
            return
        if len(self._weighed) < _MOST_WEIGHED:
            self._others.remove(reached)
        else:
            least = min(self._weighed, key=lambda each: each.n_samples)
            if reached.n_samples <= least.n_samples:
                return
            self._weighed.remove(least)
            self._weighed_names.remove(least.name)
            self._others[self._others.index(reached)] = least
        self._weighed.append(reached)
        self._weighed_names.add(reached.name)


def _key(member: tuple[_Key, Candidate]) -> _Key:
    return member[0]


def _within_class(candidate: Candidate) -> _Key:
    """Smaller is better; the id makes every key another one."""
    return (
        len(candidate.unresolved),
        answer_key(candidate),
        -process_reward(candidate),
        len(candidate.code),
        age(candidate),
    )
