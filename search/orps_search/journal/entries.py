"""The vocabulary of a search's journal: what is written down, in the order it happened.

Everything that decided something is written: what the policy asked for and was told,
every reply that a call brought, every execution. So the state of a search is a fold of
its records, and a policy, being deterministic, is at the same point after the same
records. A call that never came back leaves no record: it was issued, not completed.

Prompts are kept as digests only. They follow from the state, and hold the person's code.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from orps_sandbox.flakiness import FlakyCase
from orps_sandbox.metrics import Measurement
from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import Budget, SearchConfig
from orps_search.events import StopReason
from orps_search.proposer import (
    Exhausted,
    ExpansionId,
    Judgement,
    MalformedReply,
    Proposal,
    Usage,
    WrittenTests,
)


class Role(enum.Enum):
    """Who was asked."""

    PROGRAMMER = "programmer"
    CRITIC = "critic"
    TESTER = "tester"
    JUDGE = "judge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """The first entry of a search: what was searched for, and how."""

    module_path: str
    """Relative to the project's root."""
    qualname: str
    source: str
    """The target as it was, dedented."""
    fingerprint: str
    """`Problem.fingerprint`: equal as long as target and tests are the same."""
    case_ids: tuple[str, ...]
    config: SearchConfig
    budget: Budget
    programmer: str
    """The model's name, or `offline`."""
    flaky: tuple[FlakyCase, ...] = ()
    """Cases that decided nothing."""
    context: str = ""
    """What of the module the model was shown besides the target."""
    tests: Mapping[str, str] = field(default_factory=dict[str, str])
    """The texts of the selected tests, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Somebody went on with the search; whatever was in flight before is lost."""

    budget: Budget
    """For all of the search, what was spent before included."""
    max_rounds: int
    """As `SearchConfig.max_rounds`; it may have been raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A person said what is wrong with a candidate, and wants other versions of it."""

    candidate: CandidateId
    text: str
    n_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedExpansion:
    """`Expansion`, with its parent by name."""

    id: ExpansionId
    parent: CandidateId | None
    round: int
    sample: int

    @property
    def candidate(self) -> CandidateId:
        """The name of what comes of it, if anything does."""
        return CandidateId(f"c{self.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the policy wanted next; all empty if that was nothing."""

    expansions: tuple[AskedExpansion, ...] = ()
    reviews: tuple[CandidateId, ...] = ()
    contests: tuple[tuple[CandidateId, CandidateId], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The model refused to answer; another call may do better."""

    reason: str


Answer = (
    Proposal
    | MalformedReply
    | Exhausted
    | Critique
    | Declined
    | WrittenTests
    | Judgement
)

TESTS_ID = CandidateId("tests")
"""Stands for a candidate where tests were written: they are about none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its reply; both texts by their SHA-256."""

    prompt: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call that was completed, and paid for."""

    role: Role
    candidate: CandidateId
    """Whom it was about: the candidate to review, or the one to be written."""
    answer: Answer
    usage: Usage
    seconds: float
    exchanges: tuple[Exchange, ...] = ()
    """None for a proposer that is no model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """A new candidate, without its critique."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A proposal or critique of which nothing came, and why."""

    candidate: CandidateId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The policy was told what came of an expansion."""

    expansion: ExpansionId
    candidate: CandidateId | None
    """An earlier one, if its code was known already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCritique:
    """The policy was told what came of a review."""

    candidate: CandidateId
    critique: Critique | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWinner:
    """The policy was told what came of a contest."""

    contest: CandidateId
    """`Contest.name`."""
    winner: CandidateId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Why it ended. A search that was killed has no such entry."""

    reason: StopReason
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a finalist costs; after the end of a search, which it is no part of."""

    candidate: CandidateId
    costs: Measurement


Entry = (
    Began
    | Resumed
    | Advice
    | Asked
    | Called
    | Executed
    | Rejected
    | Told
    | ToldCritique
    | ToldWinner
    | Stopped
    | Measured
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One entry with its place in the journal."""

    seq: int
    """From 0, without gaps."""
    time: float
    """Seconds since the epoch."""
    search_id: str
    entry: Entry
