"""What a policy is: a machine that is asked for work and told what came of it.

A policy decides which candidate is worth another call and when to stop; it performs
nothing. It knows no clock, does no I/O, and draws random numbers only from its seed,
so the same tells give the same asks. Whoever drives it may tell in any order.

Critiques are work like any other: a policy that wants none asks for none, and one
that wants them late asks for them late.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.events import StopReason
from orps_search.proposer import Expansion, ExpansionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Work to do: let the critic read this candidate."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """Work to do: let a judge say which of two that pass every case is meant."""

    first: Candidate
    second: Candidate

    @property
    def name(self) -> CandidateId:
        """Stands for a candidate where one is named; the order of the two counts."""
        return CandidateId(f"{self.first.id}/{self.second.id}")


Work = Expansion | Review | Contest


class Policy(Protocol):
    """Ask for work, tell what came of it, look at the ranking at any time."""

    @property
    def n_max(self) -> int:
        """How many expansions it asks for at most."""
        ...

    @property
    def stop_reason(self) -> StopReason | None:
        """Why it wants nothing more; `None` while it may still ask."""
        ...

    def begin(self, initial: Candidate) -> None:
        """Know the body that was there before; only called before the first `ask`."""
        ...

    def ask(self) -> tuple[Work, ...]:
        """All that may begin now, beside what was asked for and not told yet."""
        ...

    def tell(self, expansion_id: ExpansionId, candidate: Candidate | None) -> None:
        """Close an expansion; `None` if it brought nothing.

        Code that is known already is told as the candidate that it was then.
        Telling twice changes nothing.
        """
        ...

    def tell_critique(
        self, candidate_id: CandidateId, critique: Critique | None
    ) -> None:
        """Close a review; `None` if no critique could be had."""
        ...

    def ranking(self) -> tuple[Candidate, ...]:
        """Every candidate so far, best first."""
        ...

    def best(self) -> Candidate | None:
        """The first of the ranking."""
        ...


@runtime_checkable
class Arbiter(Protocol):
    """A policy that asks for contests, and is told what came of each."""

    def tell_winner(self, contest: CandidateId, winner: CandidateId | None) -> None:
        """Close a contest by its name; `None` if nobody could say."""
        ...


def tell_winner(
    policy: Policy, contest: CandidateId, winner: CandidateId | None
) -> None:
    """Only who has asked for a contest is told of one."""
    assert isinstance(policy, Arbiter)
    policy.tell_winner(contest, winner)
