"""Fakes and builders for the search: a problem, its executor, and both roles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import anyio

from orps_sandbox.observation import Observation, ObservationKind
from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    ExecutionProfile,
    Judge,
    Termination,
    Tier,
)
from orps_sandbox.program import CaseSelection, Program
from orps_search.candidate import Candidate, CandidateId, Critique, StaticMetrics
from orps_search.events import SearchEvent
from orps_search.problem import Problem
from orps_search.proposer import (
    Exhausted,
    Expansion,
    MalformedReply,
    Proposal,
    Usage,
)
from orps_search.source.find import find_target
from orps_search.source.target import Target

STUB = 'def double(x):\n    """Twice x."""\n    ...\n'
CHECKS = {
    "test_m.py::test_two": "double(1) == 2",
    "test_m.py::test_zero": "double(0) == 0",
    "test_m.py::test_text": "double('ab') == 'abab'",
}
TESTS = {
    "test_m.py": "from m import double\n\n\ndef test_two():\n    assert double(1) == 2\n"
}
RIGHT = "def double(x):\n    return x * 2\n"
ALSO_RIGHT = "def double(x):\n    return x + x\n"
WRONG = "def double(x):\n    return x\n"
HALF_RIGHT = "def double(x):\n    return 2 * x if x else None\n"


def problem(
    text: str = STUB,
    qualname: str = "double",
    *,
    context: str = "",
    test_sources: Mapping[str, str] = TESTS,
) -> Problem:
    target = find_target(text, qualname)
    assert isinstance(target, Target)
    return Problem(
        target=target,
        module_path="m.py",
        module_text=text,
        runnable_text=text,
        context=context,
        test_sources=test_sources,
        selection=CaseSelection(node_ids=("test_m.py",)),
        case_ids=tuple(CHECKS),
    )


def outcome(
    *passed: bool,
    message: str = "assert 1 == 2",
    profile: ExecutionProfile | None = None,
    termination: Termination = Termination.COMPLETED,
    detail: str = "",
    output: str = "",
) -> ExecutionOutcome:
    return ExecutionOutcome(
        cases=tuple(
            CaseResult(
                id=f"test_m.py::test_{idx}",
                status=CaseStatus.PASSED if ok else CaseStatus.FAILED,
                message="" if ok else message,
                wall_seconds=0.001,
            )
            for idx, ok in enumerate(passed)
        ),
        termination=termination,
        profile=profile or ExecutionProfile(cpu_seconds=0.001),
        tier=Tier.C,
        judge=Judge.IN_PROCESS,
        output=output,
        detail=detail,
    )


def state(
    name: str,
    *,
    process: int | None = None,
    reward: float = 0.0,
    round: int = 0,  # noqa: A002
    satisfied: bool = False,
    passed: Sequence[bool] = (False,),
    seconds: float | None = 0.001,
    metrics: StaticMetrics | None = None,
) -> Candidate:
    """A candidate of which only what orders it matters."""
    critique = Critique(text="Hm.", process_reward=process, satisfied=satisfied)
    profile = ExecutionProfile(cpu_seconds=seconds)
    return Candidate(
        id=CandidateId(name),
        parent=None,
        round=round,
        reasoning="",
        code=RIGHT,
        outcome=outcome(*passed, profile=profile),
        static_metrics=metrics or StaticMetrics(),
        outcome_reward=reward,
        critique=None if process is None and not satisfied else critique,
    )


@dataclass(kw_only=True)
class FakeExecutor:
    """Runs a candidate right here, against expressions in place of tests."""

    checks: Mapping[str, str] = field(default_factory=lambda: CHECKS)
    blocked: bool = False
    """Never finish, so that someone has to cancel."""
    error: Exception | None = None
    asked: list[Program] = field(default_factory=list[Program])
    traced: list[Program] = field(default_factory=list[Program])
    """Runs once more, for blame; every case executes line 2 and nothing else."""
    n_running: int = 0
    most_running: int = 0

    async def run(self, program: Program) -> ExecutionOutcome:
        if program.trace_lines:
            self.traced.append(program)
            return _with_line(self._outcome(program.files["m.py"]))
        self.asked.append(program)
        self.n_running += 1
        self.most_running = max(self.most_running, self.n_running)
        try:
            if self.blocked:
                await anyio.sleep_forever()
            await anyio.lowlevel.checkpoint()
            if self.error is not None:
                raise self.error
            return self._outcome(program.files["m.py"])
        finally:
            self.n_running -= 1

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        namespace: dict[str, object] = {}
        exec(program.files[module_path], namespace)
        return tuple(_observed(call, namespace) for call in calls)

    def _outcome(self, text: str) -> ExecutionOutcome:
        namespace: dict[str, object] = {}
        exec(text, namespace)
        return outcome(*(_holds(check, namespace) for check in self.checks.values()))


def _with_line(found: ExecutionOutcome) -> ExecutionOutcome:
    lines = frozenset({2})
    return replace(found, cases=tuple(replace(c, lines=lines) for c in found.cases))


def _observed(call: str, namespace: dict[str, object]) -> Observation:
    try:
        text = repr(eval(call, namespace))
    except Exception as error:  # noqa: BLE001 - whatever it raises is observed
        text = f"{type(error).__name__}: {error}"
        return Observation(kind=ObservationKind.RAISED, text=text)
    return Observation(kind=ObservationKind.VALUE, text=text)


def _holds(check: str, namespace: dict[str, object]) -> bool:
    try:
        return bool(eval(check, namespace))
    except Exception:  # noqa: BLE001 - whatever it raises, it does not hold
        return False


_Event = TypeVar("_Event")

FREE = Usage()

Written = str | Proposal | MalformedReply | Exhausted | Exception


@dataclass(kw_only=True)
class FakeProgrammer:
    """Writes what it is told to, in order and then the last again, or by a function."""

    script: Sequence[Written] | Callable[[Expansion], Written]
    cost: Usage = FREE
    worst: Usage | None = None
    """What it claims to cost at most, if that is more than what it does cost."""
    blocked_from: int | None = None
    """From which request on, counted from 0, there is never an answer."""
    asked: list[tuple[Expansion, MalformedReply | None]] = field(
        default_factory=list[tuple[Expansion, MalformedReply | None]]
    )
    name: str = "fake"

    def worst_case(self, problem: Problem, expansion: Expansion) -> Usage:
        return self.worst or self.cost

    async def propose(
        self,
        problem: Problem,
        expansion: Expansion,
        rejected: MalformedReply | None = None,
    ) -> tuple[Proposal | MalformedReply | Exhausted, Usage]:
        idx = len(self.asked)
        self.asked.append((expansion, rejected))
        if self.blocked_from is not None and idx >= self.blocked_from:
            await anyio.sleep_forever()
        await anyio.lowlevel.checkpoint()
        if callable(self.script):
            written = self.script(expansion)
        else:
            written = self.script[min(idx, len(self.script) - 1)]
        if isinstance(written, Exception):
            raise written
        if isinstance(written, str):
            return Proposal(reasoning="Because.", code=written), self.cost
        return written, self.cost


@dataclass(kw_only=True)
class FakeCritic:
    """Gives 5 to what passes everything and 2 to the rest, unless told otherwise."""

    script: Sequence[Critique | MalformedReply | Exception] = ()
    cost: Usage = FREE
    blocked: bool = False
    asked: list[Candidate] = field(default_factory=list[Candidate])

    def worst_case(self, problem: Problem, candidate: Candidate) -> Usage:
        return self.cost

    async def review(
        self,
        problem: Problem,
        candidate: Candidate,
        rejected: MalformedReply | None = None,
    ) -> tuple[Critique | MalformedReply, Usage]:
        idx = len(self.asked)
        self.asked.append(candidate)
        if self.blocked:
            await anyio.sleep_forever()
        await anyio.lowlevel.checkpoint()
        if self.script:
            said = self.script[min(idx, len(self.script) - 1)]
            if isinstance(said, Exception):
                raise said
            return said, self.cost
        reward = 5 if candidate.outcome.all_passed else 2
        return Critique(text="As it is.", process_reward=reward), self.cost


@dataclass
class Events:
    """Collects what a search publishes."""

    seen: list[SearchEvent] = field(default_factory=list[SearchEvent])

    async def __call__(self, event: SearchEvent) -> None:
        self.seen.append(event)

    def of(self, kind: type[_Event]) -> list[_Event]:
        return [event for event in self.seen if isinstance(event, kind)]
