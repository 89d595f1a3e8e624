"""The ledger as overlapping calls see it: they wait for room before they give up."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import anyio

from orps_search.budget import UNSPENT, Ledger, Reservation
from orps_search.config import Budget
from orps_search.events import StopReason
from orps_search.proposer import CallKind, Usage


@dataclass(slots=True, kw_only=True)
class Call:
    """One call that may be made; say what it really spent before it ends."""

    spent: Usage
    """At first what a call costs that brings no reply: the prompt was sent. What it
    costs in money stays the worst case then."""


class Spending:
    """Reserves before each call, settles after it, and keeps the time."""

    def __init__(
        self,
        budget: Budget,
        *,
        spent: Mapping[CallKind, Usage] = UNSPENT,
        seconds: float = 0.0,
    ) -> None:
        """`spent` and `seconds` are those of a search that goes on."""
        self._ledger = Ledger(budget, spent=spent)
        self._settled = anyio.Event()
        self._started = anyio.current_time() - seconds

    @property
    def spent(self) -> Usage:
        return self._ledger.spent

    @property
    def by_kind(self) -> Mapping[CallKind, Usage]:
        return self._ledger.by_kind

    @property
    def seconds(self) -> float:
        return anyio.current_time() - self._started

    @asynccontextmanager
    async def call(
        self, worst: Usage, kind: CallKind
    ) -> AsyncGenerator[Call | StopReason]:
        """The right to one call, or which bound forbids it.

        A reservation is larger than what most calls spend, so a refusal is final
        only when no call in flight can give anything back.
        """
        reservation = await self._reserve(worst, kind)
        if isinstance(reservation, StopReason):
            yield reservation
            return
        call = Call(spent=replace(worst, output_tokens=0))
        try:
            yield call
        finally:
            self._ledger.settle(reservation, call.spent)
            self._settled.set()
            self._settled = anyio.Event()

    async def _reserve(self, worst: Usage, kind: CallKind) -> Reservation | StopReason:
        while True:
            answer = self._ledger.reserve(
                worst, kind=kind, elapsed_seconds=self.seconds
            )
            if isinstance(answer, Reservation) or not self._ledger.has_open:
                return answer
            if answer is StopReason.SECONDS:
                return answer
            await self._settled.wait()
