"""All executions of one search: each distinct program once, so many at a time."""

import anyio

from orps_search.candidate import INITIAL_ID, Candidate, CandidateId
from orps_search.cascade import Cascade
from orps_search.config import SearchConfig
from orps_search.evidence import evidence_of
from orps_search.execution import (
    Runner,
    case_seconds_after,
    execute_candidate,
    normal_form,
)
from orps_search.policies import POLICIES
from orps_search.problem import Problem
from orps_search.proposer import Difference, Expansion, Proposal, WrittenTests
from orps_search.source.splice import Misplacement


class Executions:
    """Knows every program by its normal form, and what came of it."""

    def __init__(
        self,
        problem: Problem,
        executor: Runner,
        config: SearchConfig,
        *,
        twins: dict[str, CandidateId],
        executed: dict[CandidateId, Candidate],
    ) -> None:
        self._problem = problem
        self._executor = executor
        self._slots = anyio.CapacityLimiter(config.workers)
        self._evidence = evidence_of(problem, seed=config.seed, limit=config.n_inputs)
        may_kill = config.cascade and POLICIES[config.policy].may_kill
        self._cascade = Cascade(problem.case_ids) if may_kill else None
        self._patience = config.patience
        self._blames = config.blames
        self._case_seconds: float | None = None
        self._twins = twins
        self._running: dict[CandidateId, anyio.Event] = {}
        self._executed = executed

    def __len__(self) -> int:
        return len(self._executed)

    def __getitem__(self, id_: CandidateId) -> Candidate | None:
        """`None` while it runs, and where nothing came of it."""
        return self._executed.get(id_)

    def begin(self, initial: Proposal) -> None:
        """Know the body that was there before, which was executed."""
        found = self._executed[INITIAL_ID]
        self._twins[normal_form(initial.code)] = INITIAL_ID
        self._case_seconds = case_seconds_after(found.outcome, self._patience)
        self._evidence = self._evidence.with_present(found.outputs)

    def expect(self, tests: WrittenTests) -> None:
        """Look at these, too, from now on; before the first candidate."""
        self._evidence = self._evidence.with_generated(tests.expressions)

    def difference(self, first: Candidate, second: Candidate) -> Difference | None:
        """The first call on which they differ, shorter ones first."""
        calls = self._evidence.calls
        differing = [
            Difference(call=call, first=one, second=other)
            for call, one, other in zip(
                calls, first.outputs, second.outputs, strict=False
            )
            if one != other
        ]
        return min(differing, key=lambda each: len(each.call), default=None)

    async def settled(self, id_: CandidateId) -> Candidate | None:
        """What came of a program that may still be running."""
        if id_ in self._running:
            await self._running[id_].wait()
        return self._executed.get(id_)

    def twin(self, proposal: Proposal, id_: CandidateId) -> CandidateId | None:
        """Who proposed the same program first; nobody else, from now on."""
        first = self._twins.setdefault(normal_form(proposal.code), id_)
        return None if first == id_ else first

    async def execute(
        self, proposal: Proposal, id_: CandidateId, expansion: Expansion | None
    ) -> Candidate | Misplacement:
        """Raise `SandboxError` when the host is at fault."""
        self._running[id_] = anyio.Event()
        try:
            return await self._in_slot(proposal, id_, expansion)
        finally:
            self._running.pop(id_).set()

    async def _in_slot(
        self, proposal: Proposal, id_: CandidateId, expansion: Expansion | None
    ) -> Candidate | Misplacement:
        parent = expansion.parent if expansion else None
        async with self._slots:
            candidate = await execute_candidate(
                self._problem,
                proposal,
                self._executor,
                id=id_,
                parent=parent.id if parent else None,
                round=expansion.round if expansion else 0,
                case_seconds=self._case_seconds,
                evidence=self._evidence,
                cascade=self._cascade,
                blames=self._blames or expansion is None,
            )
        if isinstance(candidate, Candidate):
            self._executed[id_] = candidate
        return candidate
