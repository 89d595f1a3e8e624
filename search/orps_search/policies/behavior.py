"""Behavior classes: candidates that did the same on everything they were shown.

Programs are many and behaviors are few, so a search that plays one arm per class
learns faster than one that plays one per program. How often a class was reached is
also evidence: samples that agree are more often right than one alone.
"""

import math
from dataclasses import dataclass, field

from orps_search.candidate import Candidate, CandidateId
from orps_search.selection.samples import Behavior, behavior_of

_C = 8.0
"""How strongly the share of cases passed counts against what repairs brought."""
_PASSING_HOPE = 0.125
"""The hope in repairing what passes everything: only efficiency is to be gained."""
_MOST_REPAIRS = 4
"""Of one program: repairs of the same parent fail for the same reasons."""
_MOST_FAILURES_IN_A_ROW = 4
_NEW_CLASS_COST = 0.5
_FAILURE_COST = 1.5
_TWICE = 2
_ENOUGH = 3
"""Samples of one behavior, below which no lead is one."""
_SURE = 2.0
"""Standard deviations: one leader in forty would be overtaken after all."""


@dataclass(slots=True, kw_only=True)
class BehaviorClass:
    """One class, and how repairing its representative went so far."""

    name: str
    share: float
    """Of the cases that pass, the same for each of its programs."""
    passes: bool
    """All of them."""
    representative: Candidate
    """The shortest of its programs."""
    n_samples: int = 0
    """How often it was reached, programs that were known already included."""
    members: list[CandidateId] = field(default_factory=list[CandidateId])
    reward: float = 0.0
    cost: float = 0.0
    n_in_flight: int = 0
    n_repairs: int = 0
    """Of the present representative."""
    n_failures_in_a_row: int = 0
    is_in_review: bool = False
    was_reviewed: bool = False
    """The present representative, with or without success."""

    @property
    def beta(self) -> tuple[float, float]:
        """How likely a repair of it brings something, for Thompson's choice.

        What is under way counts as failed until it is told: else all that begins
        before the first answer would be repairs of the same program.
        """
        hope = _PASSING_HOPE if self.passes else self.share / 2
        failed = self.cost + self.n_in_flight
        return 1 + _C * hope + self.reward, 1 + _C * (1 - hope) + failed

    @property
    def is_asleep(self) -> bool:
        """No repair of it is worth another call now."""
        return (
            self.is_in_review
            or self.n_repairs >= _MOST_REPAIRS
            or self.n_failures_in_a_row >= _MOST_FAILURES_IN_A_ROW
        )

    @property
    def needs_critique(self) -> bool:
        """What execution showed has not helped, and nobody has said more."""
        return self.n_failures_in_a_row > 0 and not self.was_reviewed

    def add(self, candidate: Candidate) -> None:
        """A new program with this behavior."""
        self.members.append(candidate.id)
        if len(candidate.code) < len(self.representative.code):
            self.representative = candidate
            self.n_repairs = 0
            self.was_reviewed = False

    def know(self, reviewed: Candidate) -> None:
        """A program of this class, now with its critique."""
        if reviewed.id == self.representative.id:
            self.representative = reviewed

    def note_repair(self, child: "BehaviorClass | None", *, is_new: bool) -> None:
        """Learn from a repair which led to `child`, perhaps a class of its own."""
        if child is not None and child.share > self.share:
            self.reward += 1
            self.n_failures_in_a_row = 0
            return
        self.cost += _NEW_CLASS_COST if is_new else _FAILURE_COST
        self.n_failures_in_a_row += 1


class Classes:
    """All classes of a search, by name and by what their members did."""

    def __init__(self) -> None:
        self._by_behavior: dict[Behavior, BehaviorClass] = {}
        self._by_candidate: dict[CandidateId, BehaviorClass] = {}
        self._by_name: dict[str, BehaviorClass] = {}

    def __len__(self) -> int:
        return len(self._by_name)

    def __getitem__(self, name: str) -> BehaviorClass:
        return self._by_name[name]

    def of(self, candidate: Candidate) -> BehaviorClass:
        """The class of a candidate that was added."""
        return self._by_candidate[candidate.id]

    def add(self, candidate: Candidate, *, is_known: bool = False) -> BehaviorClass:
        """The class that a sample belongs to; a known program only counts again."""
        reached = self._by_candidate.get(candidate.id) or self._reached_by(candidate)
        self._by_candidate[candidate.id] = reached
        reached.n_samples += 1
        if not is_known:
            reached.add(candidate)
        return reached

    def _reached_by(self, candidate: Candidate) -> BehaviorClass:
        behavior = behavior_of(candidate)
        known = self._by_behavior.get(behavior)
        if known is None:
            known = self._by_behavior[behavior] = self._open(candidate)
        return known

    def _open(self, candidate: Candidate) -> BehaviorClass:
        name = f"class {len(self) + 1}"
        opened = BehaviorClass(
            name=name,
            share=candidate.outcome.success_ratio,
            passes=candidate.outcome.all_passed,
            representative=candidate,
        )
        self._by_name[name] = opened
        return opened


class Finds:
    """How often samples that solve the problem reached which class."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._n_samples = 0
        self._n_once = 0
        self.leader = ""
        """The largest class, by name; the first of several."""
        self._largest = 0
        self._second = 0

    def __bool__(self) -> bool:
        return bool(self._sizes)

    def add(self, name: str) -> None:
        """One sample more of the class of this name."""
        size = self._sizes.get(name, 0) + 1
        self._sizes[name] = size
        self._n_samples += 1
        self._n_once += (size == 1) - (size == _TWICE)
        if name == self.leader:
            self._largest = size
        elif size > self._largest:
            self.leader, self._largest, self._second = name, size, self._largest
        else:
            self._second = max(self._second, size)

    @property
    def confidence(self) -> float:
        """How far the largest class can be trusted, 0 to 1.

        Its share of the samples, discounted by the mass that was not seen yet: by
        Good and Turing, the next sample opens a new class about as often as classes
        were reached once.
        """
        if not self._n_samples:
            return 0.0
        unseen = (self._n_once + 0.5) / (self._n_samples + 1)
        return self._largest / self._n_samples * (1 - unseen)

    def is_lead_safe(self, share_to_come: float) -> bool:
        """Whether the largest class will most likely still be it at the end.

        `share_to_come` is how many calls are left for each one made, and so how many
        samples for each one here. What the two largest classes get of these is drawn as
        from an urn into which each draw is put back twice: the first ones are evidence
        of which behavior is the likelier one, and no more than that.
        """
        if self._largest < _ENOUGH:
            return False
        first, second = self._largest + 0.5, self._second + 0.5
        n = share_to_come * (self._largest + self._second)
        share = first / (first + second)
        spread = (first + second + n) / (first + second + 1)
        deviation = 2 * math.sqrt(n * share * (1 - share) * spread)
        lead = self._largest - self._second + n * (2 * share - 1)
        return lead >= _SURE * deviation
