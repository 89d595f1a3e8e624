"""Calls to the roles: reserved before, settled after, and written down.

Before each call its worst case is reserved in the ledger. What was completed is in the
journal before anything follows from it, so a call that was paid for is never made
again by a search that goes on.
"""

import enum
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

import anyio

from orps_search.candidate import CandidateId, Critique
from orps_search.errors import ModelError, ModelRefused
from orps_search.events import StopReason
from orps_search.journal.entries import Answer, Called, Declined, Role
from orps_search.journal.seam import Heard, Journal, listening, texts
from orps_search.model import worst_tokens
from orps_search.proposer import (
    CallKind,
    Exhausted,
    Judgement,
    MalformedReply,
    Proposal,
    Usage,
    WrittenTests,
)
from orps_search.spending import Spending

_Answer = TypeVar(
    "_Answer",
    Proposal | MalformedReply | Exhausted,
    Critique | MalformedReply,
    WrittenTests | MalformedReply,
    Judgement | MalformedReply,
)
_Ask = Callable[[MalformedReply | None], Awaitable[tuple[_Answer, Usage]]]

Named = tuple[Role, CandidateId]
"""A piece of work: who is asked, and about whom."""


class Unasked(enum.Enum):
    """No call was completed, so nothing is known: the policy still waits for it."""

    UNASKED = enum.auto()


UNASKED = Unasked.UNASKED


class Calls:
    """All calls of one search."""

    def __init__(
        self,
        *,
        spending: Spending,
        journal: Journal,
        answers: dict[Named, deque[Answer]],
        in_flight: int,
        is_over: Callable[[], bool],
        stop: Callable[[StopReason], None],
    ) -> None:
        """`answers` were completed before somebody went on; each is used once.

        So many requests as `in_flight` may be underway, or on their way to the disk.
        """
        self._spending = spending
        self._journal = journal
        self._answers = answers
        self._slots = anyio.CapacityLimiter(in_flight)
        self._is_over = is_over
        self._stop = stop
        self.model_error: ModelError | None = None

    async def ask(
        self, work: Named, kind: CallKind, worst: Usage, role: _Ask[_Answer]
    ) -> _Answer | Declined | Unasked:
        """Ask a role, and once more if its reply was malformed and budget allows."""
        answer = await self._once(work, kind, worst, role, None)
        if isinstance(answer, MalformedReply):
            shown = Usage(input_tokens=worst_tokens(answer.reply + answer.reason))
            again = await self._once(work, kind, worst + shown, role, answer)
            return answer if isinstance(again, Declined | Unasked) else again
        return answer

    async def _once(
        self,
        work: Named,
        kind: CallKind,
        worst: Usage,
        role: _Ask[_Answer],
        rejected: MalformedReply | None,
    ) -> _Answer | Declined | Unasked:
        if known := self._answers.get(work):
            return cast("_Answer | Declined", known.popleft())
        if not worst.requests:
            return await self._made(work, kind, worst, role, rejected)
        # Held until the reply is kept: a kill loses no more calls than are in flight.
        async with self._slots:
            return await self._made(work, kind, worst, role, rejected)

    async def _made(
        self,
        work: Named,
        kind: CallKind,
        worst: Usage,
        role: _Ask[_Answer],
        rejected: MalformedReply | None,
    ) -> _Answer | Declined | Unasked:
        async with self._spending.call(worst, kind) as call:
            if isinstance(call, StopReason):
                self._stop(call)
                return UNASKED
            # Another task may have stopped the search while this one waited for room.
            if self._is_over():
                call.spent = Usage()
                return UNASKED
            started = anyio.current_time()
            heard: list[Heard] = []
            try:
                with listening(heard):
                    answer, call.spent = await role(rejected)
            except ModelRefused as error:
                # One declined answer says nothing about the next one.
                self.model_error = self.model_error or error
                answer = Declined(reason=str(error))
            except ModelError as error:
                self.model_error = error
                self._stop(StopReason.MODEL)
                return UNASKED
            called = Called(
                role=work[0],
                candidate=work[1],
                answer=answer,
                usage=call.spent,
                seconds=anyio.current_time() - started,
                exchanges=tuple(each.exchange for each in heard),
            )
        self._journal.append(called, texts(heard))
        if called.usage.requests:
            await self._journal.saved()
        return answer
