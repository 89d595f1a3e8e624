"""A candidate: the state of one node of the search, in the paper's terms.

The paper's state is s = (R, C, F, omega, K, rho): reasoning, code, execution
outcome, outcome reward, critique, process reward (arXiv 2412.15118, Algorithm 1).
"""

from dataclasses import dataclass
from typing import NewType

from orps_sandbox.metrics import Measurement
from orps_sandbox.outcome import ExecutionOutcome
from orps_search.blame import BlamedLine

CandidateId = NewType("CandidateId", str)

INITIAL_ID = CandidateId("c0")
"""The body that was there before the search; expansions count from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticMetrics:
    """Of the candidate's code alone; `None` where it could not be computed."""

    lines: int | None = None
    ast_nodes: int | None = None
    cyclomatic: int | None = None
    cognitive: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Critique:
    text: str
    process_reward: int | None
    """1 to 5; `None` when the critic's words held no score."""
    satisfied: bool = False
    """The critic would accept the candidate as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    id: CandidateId
    parent: CandidateId | None
    round: int
    """0 for first drafts and for the body that was already there."""
    reasoning: str
    code: str
    """The imports that it needs, then the whole definition, dedented."""
    outcome: ExecutionOutcome
    static_metrics: StaticMetrics
    outcome_reward: float
    critique: Critique | None = None
    outputs: tuple[str, ...] = ()
    """What it did on each generated input, in normal form; only where it passes."""
    kept: float | None = None
    """Of what the docstring says that calls give, and of what the body that was there
    before gives, the share that holds; only where it passes. `None` if there is
    nothing of the kind."""
    generated: tuple[bool, ...] = ()
    """Of the tests that a model wrote, those that hold; only where it passes."""
    unresolved: tuple[str, ...] = ()
    """Names that it uses and nothing defines."""
    blame: tuple[BlamedLine, ...] = ()
    """The lines to look at first, where it fails and that was found out; their numbers
    are those of the module with the candidate in place."""
    costs: Measurement | None = None
    """What it costs, measured repeatedly; of finalists only."""
