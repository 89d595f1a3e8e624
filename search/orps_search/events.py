"""What a running search tells: a closed union, in the order things happened."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from orps_search.candidate import Candidate
from orps_search.proposer import CallKind, Usage


class StopReason(enum.Enum):
    """Why a search ended; the values are the words of the result document."""

    ACCEPTED = "accepted"
    """A candidate passes every case and the critic would accept it."""
    SOLVED = "solved"
    """A candidate passes every case, and the policy asks for no more than that."""
    CONVERGED = "converged"
    """Enough samples that pass every case agree in what they do."""
    GIVEN_UP = "given-up"
    """Nothing passed every case for so long that more of the same is not worth it."""
    ROUNDS = "rounds"
    """All rounds were played."""
    EXHAUSTED = "exhausted"
    """The proposer has nothing new."""
    REQUESTS = "max-requests"
    TOKENS = "max-tokens"
    COST = "max-cost"
    SECONDS = "max-seconds"
    MODEL = "model-unavailable"
    """The endpoint failed after some candidates had been executed."""
    CANCELLED = "cancelled"

    @property
    def may_go_on(self) -> bool:
        """Whether there is more to do; else the policy has come to its own end."""
        match self:
            case (
                StopReason.REQUESTS
                | StopReason.TOKENS
                | StopReason.COST
                | StopReason.SECONDS
                | StopReason.MODEL
                | StopReason.CANCELLED
                | StopReason.EXHAUSTED
            ):
                return True
            case (
                StopReason.ACCEPTED
                | StopReason.SOLVED
                | StopReason.CONVERGED
                | StopReason.GIVEN_UP
                | StopReason.ROUNDS
            ):
                return False
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchUsage:
    """`Usage` of all roles together, and what was done on this machine."""

    calls: Usage
    executions: int
    seconds: float
    by_kind: Mapping[CallKind, Usage] = field(default_factory=dict[CallKind, Usage])
    """`calls`, by what they were for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStarted:
    round: int
    n_expansions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateExecuted:
    """A new candidate, not reviewed yet."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateReviewed:
    """The same candidate, now with its critique."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRejected:
    """A malformed or repeated reply; it cost a request and brought no candidate."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """Sent after each expansion and each review; both numbers count expansions."""

    n_done: int
    n_max: int
    ranking: tuple[Candidate, ...]
    usage: SearchUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    result: "SearchResult"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    ranking: tuple[Candidate, ...]
    """Every executed candidate, best first."""
    stop_reason: StopReason
    usage: SearchUsage
    failure: str | None = None
    """Why the model became unavailable, and the remedy."""
    failure_kind: str | None = None
    """`ModelError.kind` of it."""


SearchEvent = (
    RoundStarted
    | CandidateExecuted
    | CandidateReviewed
    | ReplyRejected
    | Progressed
    | Finished
)
