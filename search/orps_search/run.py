"""Drives the search machine with a programmer, an executor and a critic.

One round is one task group; leaving it means that nothing of it is running. Each
expansion is one task: propose, execute, review, tell. Before each call its worst
case is reserved in the ledger; when that is refused, no further call begins, those
in flight finish, and what was found is the result. Only an accepted candidate and
the deadline interrupt calls in flight.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar, assert_never

import anyio

from orps_sandbox.errors import SandboxError
from orps_search.beam import BeamSearch
from orps_search.candidate import Candidate, CandidateId, Critique
from orps_search.config import Budget, SearchConfig
from orps_search.critique_replies import critique_text
from orps_search.errors import ModelError, ModelRefused
from orps_search.events import (
    CandidateExecuted,
    CandidateReviewed,
    Finished,
    Progressed,
    ReplyRejected,
    RoundStarted,
    SearchEvent,
    SearchResult,
    SearchUsage,
    StopReason,
)
from orps_search.execution import Runner, execute_candidate, normal_form
from orps_search.model import worst_tokens
from orps_search.problem import Problem
from orps_search.proposer import (
    Critic,
    Exhausted,
    Expansion,
    MalformedReply,
    Programmer,
    Proposal,
    Usage,
)
from orps_search.reward import answer_key, process_reward
from orps_search.source.splice import Misplacement
from orps_search.spending import Spending

_Answer = TypeVar(
    "_Answer", Proposal | MalformedReply | Exhausted, Critique | MalformedReply
)

Publish = Callable[[SearchEvent], Awaitable[None]]

_ACCEPTED_REWARD = 4
"""A candidate that passes everything is accepted from this process reward on."""

INITIAL_ID = CandidateId("c0")
"""The body that was there before the search; expansions count from 1."""


async def run_search(
    problem: Problem,
    *,
    programmer: Programmer,
    critic: Critic,
    executor: Runner,
    config: SearchConfig,
    budget: Budget,
    publish: Publish,
    initial: Proposal | None = None,
) -> SearchResult:
    """Search until accepted, played out or out of budget; the best comes first.

    `initial` is the body that is there already. It is a candidate like any other,
    but only a better one is accepted as an end of the search.

    Raises `SandboxError` when the host cannot execute, and `ModelError` when the
    endpoint failed before there was any candidate. Cancelling leaves nothing running.
    """
    search = _Search(
        problem,
        programmer=programmer,
        critic=critic,
        executor=executor,
        config=config,
        budget=budget,
        publish=publish,
    )
    with anyio.move_on_after(budget.max_seconds) as deadline:
        await search.play(initial)
    if deadline.cancelled_caught:
        search.stop(StopReason.SECONDS)
    result = search.result()
    await publish(Finished(result=result))
    return result


class _Search:
    """The state of one running search."""

    def __init__(
        self,
        problem: Problem,
        *,
        programmer: Programmer,
        critic: Critic,
        executor: Runner,
        config: SearchConfig,
        budget: Budget,
        publish: Publish,
    ) -> None:
        self._problem = problem
        self._programmer = programmer
        self._critic = critic
        self._executor = executor
        self._spending = Spending(budget)
        self._publish = publish
        self._beam = BeamSearch(config)
        self._slots = anyio.CapacityLimiter(config.workers)
        self._round_scope = anyio.CancelScope()
        self._twins: dict[str, CandidateId] = {}
        self._n_done = 0
        self._n_executed = 0
        self._initial: Candidate | None = None
        self._finish_round = config.finish_round
        self._last_round: StopReason | None = None
        """Why no round follows this one, which is still played to its end."""
        self._stop_reason: StopReason | None = None
        self._model_error: ModelError | None = None
        self._sandbox_error: SandboxError | None = None

    async def play(self, initial: Proposal | None) -> None:
        """Play rounds until one of them stops the search or none is left."""
        if initial is not None and await self._is_new(initial, INITIAL_ID):
            self._initial = await self._execute(initial, INITIAL_ID, None)
        while self._stop_reason is None and (batch := self._beam.ask()):
            await self._play_round(batch)
        self.stop(StopReason.ROUNDS)

    def stop(self, reason: StopReason) -> None:
        """Let no further call begin; the first reason is the reason."""
        if self._stop_reason is None:
            self._stop_reason = reason

    def result(self) -> SearchResult:
        ranking = self._beam.ranking()
        if self._model_error is not None and not ranking:
            raise self._model_error
        assert self._stop_reason is not None
        failed = self._stop_reason is StopReason.MODEL
        return SearchResult(
            ranking=ranking,
            stop_reason=self._stop_reason,
            usage=self._usage(),
            failure=str(self._model_error) if failed else None,
        )

    async def _play_round(self, batch: tuple[Expansion, ...]) -> None:
        round_ = batch[0].round
        await self._publish(RoundStarted(round=round_, n_expansions=len(batch)))
        with anyio.CancelScope() as self._round_scope:
            async with anyio.create_task_group() as tasks:
                if round_ == 0 and self._initial is not None:
                    tasks.start_soon(self._review, self._initial)
                for expansion in batch:
                    tasks.start_soon(self._expand, expansion)
        if self._sandbox_error is not None:
            raise self._sandbox_error
        if self._last_round is not None:
            self.stop(self._last_round)

    async def _expand(self, expansion: Expansion) -> None:
        candidate = None
        id_ = CandidateId(f"c{expansion.id}")
        proposal = await self._propose(expansion)
        if proposal is not None and await self._is_new(proposal, id_):
            try:
                candidate = await self._execute(proposal, id_, expansion)
            except SandboxError as error:
                self._sandbox_error = error
                self._round_scope.cancel()
        if candidate is not None:
            candidate = await self._review(candidate)
        self._beam.tell(expansion.id, candidate)
        self._n_done += 1
        await self._publish(
            Progressed(
                n_done=self._n_done,
                n_max=self._beam.n_max,
                ranking=self._beam.ranking(),
                usage=self._usage(),
            )
        )
        if candidate is not None and self._is_accepted(candidate):
            self._accept()

    async def _propose(self, expansion: Expansion) -> Proposal | None:
        if self._stop_reason or self._last_round is StopReason.EXHAUSTED:
            return None
        answer = await self._ask(
            self._programmer.worst_case(self._problem, expansion),
            partial(self._programmer.propose, self._problem, expansion),
        )
        match answer:
            case Proposal() | None:
                return answer
            case MalformedReply():
                await self._publish(ReplyRejected(reason=answer.reason))
                return None
            case Exhausted():
                # What was proposed before is still executed and reviewed.
                self._last_round = self._last_round or StopReason.EXHAUSTED
                return None
            case _:
                assert_never(answer)

    async def _is_new(self, proposal: Proposal, id_: CandidateId) -> bool:
        """Whether the code is not yet known; known code is not executed again."""
        twin = self._twins.setdefault(normal_form(proposal.code), id_)
        if twin != id_:
            reason = f"it is the same code as candidate {twin}"
            await self._publish(ReplyRejected(reason=reason))
        return twin == id_

    async def _execute(
        self, proposal: Proposal, id_: CandidateId, expansion: Expansion | None
    ) -> Candidate | None:
        parent = expansion.parent if expansion else None
        async with self._slots:
            candidate = await execute_candidate(
                self._problem,
                proposal,
                self._executor,
                id=id_,
                parent=parent.id if parent else None,
                round=expansion.round if expansion else 0,
            )
        if isinstance(candidate, Misplacement):
            await self._publish(ReplyRejected(reason=candidate.reason))
            return None
        self._n_executed += 1
        self._beam.record(candidate)
        await self._publish(CandidateExecuted(candidate=candidate))
        return candidate

    async def _review(self, candidate: Candidate) -> Candidate:
        """The candidate with its critique, or as it is if none could be had."""
        if self._stop_reason is not None:
            return candidate
        answer = await self._ask(
            self._critic.worst_case(self._problem, candidate),
            partial(self._critic.review, self._problem, candidate),
        )
        if answer is None:
            return candidate
        if isinstance(answer, MalformedReply):
            await self._publish(ReplyRejected(reason=answer.reason))
            # Words without a score still help whoever writes the next version.
            answer = Critique(text=critique_text(answer.reply), process_reward=None)
        reviewed = replace(candidate, critique=answer)
        self._beam.record(reviewed)
        await self._publish(CandidateReviewed(candidate=reviewed))
        return reviewed

    def _accept(self) -> None:
        if self._finish_round:
            self._last_round = StopReason.ACCEPTED
            return
        # Also where another expansion has just run out of budget.
        self._stop_reason = StopReason.ACCEPTED
        self._round_scope.cancel()

    def _is_accepted(self, candidate: Candidate) -> bool:
        critique = candidate.critique
        if critique is None or not candidate.outcome.all_passed:
            return False
        if not critique.satisfied and process_reward(candidate) < _ACCEPTED_REWARD:
            return False
        # What was there before is no find; only something better than it ends this.
        initial = self._initial
        return initial is None or answer_key(candidate) < answer_key(initial)

    async def _ask(
        self,
        worst: Usage,
        role: Callable[[MalformedReply | None], Awaitable[tuple[_Answer, Usage]]],
    ) -> _Answer | None:
        """Ask a role, and once more if its reply was malformed and budget allows.

        `None` means that there is no answer, and the reason is known already.
        """
        answer = await self._ask_once(worst, role, None)
        if isinstance(answer, MalformedReply):
            shown = Usage(input_tokens=worst_tokens(answer.reply + answer.reason))
            again = await self._ask_once(worst + shown, role, answer)
            return answer if again is None else again
        return answer

    async def _ask_once(
        self,
        worst: Usage,
        role: Callable[[MalformedReply | None], Awaitable[tuple[_Answer, Usage]]],
        rejected: MalformedReply | None,
    ) -> _Answer | None:
        async with self._spending.call(worst) as call:
            if isinstance(call, StopReason):
                self.stop(call)
                return None
            # Another task may have stopped the search while this one waited for room.
            if self._stop_reason is not None:
                call.spent = Usage()
                return None
            try:
                answer, call.spent = await role(rejected)
            except ModelRefused as error:
                # One declined answer says nothing about the next one.
                self._model_error = self._model_error or error
                await self._publish(ReplyRejected(reason=str(error)))
                return None
            except ModelError as error:
                self._model_error = error
                self.stop(StopReason.MODEL)
                return None
            return answer

    def _usage(self) -> SearchUsage:
        return SearchUsage(
            calls=self._spending.spent,
            executions=self._n_executed,
            seconds=self._spending.seconds,
        )
