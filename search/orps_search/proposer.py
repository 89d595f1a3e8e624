"""The seam between the search and whoever writes and judges candidates.

A language model and the offline proposer stand behind the same two protocols.
"""

import enum
from dataclasses import dataclass
from typing import NewType, Protocol

from orps_search.candidate import Candidate, Critique
from orps_search.problem import Problem

ExpansionId = NewType("ExpansionId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """Work to do: write one new candidate, from scratch or after `parent`."""

    id: ExpansionId
    parent: Candidate | None
    round: int
    sample: int
    """The how-manieth sample of the same parent in the same round, from 0."""


class CallKind(enum.Enum):
    """What a call to a model is for; all of them count alike."""

    DRAFT = "draft"
    REPAIR = "repair"
    CRITIQUE = "critique"
    TESTS = "tests"
    JUDGEMENT = "judgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was spent; tokens are the endpoint's own counts where it gives them."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    """US dollars; 0 where the model's price is not known."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            requests=self.requests + other.requests,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            usd=self.usd + other.usd,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The programmer's answer: why, and the code."""

    reasoning: str
    code: str
    """Imports and the whole definition, as `Candidate.code`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedReply:
    """A reply from which no code or no critique could be read; no bad candidate."""

    reply: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exhausted:
    """The proposer has nothing new to offer for this expansion, or any later one."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTests:
    """Tests that a model wrote: evidence about what passes the person's, no gate."""

    expressions: tuple[str, ...]
    """Each should be true, in the namespace of the module."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A call on which two candidates differ, and what each of them gives."""

    call: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Which of two candidates is meant, as a judge sees it."""

    is_first: bool


class Programmer(Protocol):
    """Writes candidates."""

    @property
    def name(self) -> str:
        """What to tell people: the model's name, or `offline`."""
        ...

    def worst_case(self, problem: Problem, expansion: Expansion) -> Usage:
        """The most that one `propose` may spend; reserved before it is called."""
        ...

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,
    ) -> tuple[Proposal | MalformedReply | Exhausted, Usage]:
        """Answer with one request at most; `rejected` is what the last one brought.

        Raise `ModelError` when the world is at fault.
        """
        ...


class Critic(Protocol):
    """Reads reasoning, code and execution outcome; writes a critique."""

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:
        """The most that one `review` may spend; reserved before it is called."""
        ...

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,
    ) -> tuple[Critique | MalformedReply, Usage]:
        """Answer with one request at most; `rejected` is what the last one brought.

        Raise `ModelError` when the world is at fault.
        """
        ...


class Tester(Protocol):
    """Writes tests, once for a search and before it has seen any candidate."""

    def worst_case(self, problem: Problem) -> Usage:
        """The most that one `write` may spend; reserved before it is called."""
        ...

    async def write(
        self, problem: Problem, rejected: MalformedReply | None = None
    ) -> tuple[WrittenTests | MalformedReply, Usage]:
        """Answer with one request at most; `rejected` is what the last one brought.

        Raise `ModelError` when the world is at fault.
        """
        ...


class Judge(Protocol):
    """Compares two candidates that pass every case and differ beyond the tests."""

    def worst_case(
        self,
        problem: Problem,
        pair: tuple[Candidate, Candidate],
        difference: Difference | None,
    ) -> Usage:
        """The most that one `judge` may spend; reserved before it is called."""
        ...

    async def judge(
        self,
        problem: Problem,
        pair: tuple[Candidate, Candidate],
        difference: Difference | None,
        rejected: MalformedReply | None = None,
    ) -> tuple[Judgement | MalformedReply, Usage]:
        """Answer with one request at most; `rejected` is what the last one brought.

        Raise `ModelError` when the world is at fault.
        """
        ...
