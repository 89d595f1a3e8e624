"""Hard bounds on what a search may spend, checked before a call is made.

All calls are in it, whatever they are for, in requests, tokens and money.
A call first reserves its worst case and later settles what it really spent.
As long as no call spends more than it reserved, the sum stays within the budget
however many calls overlap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from orps_search.config import Budget
from orps_search.events import StopReason
from orps_search.proposer import CallKind, Usage

NOTHING = Usage()
UNSPENT: Mapping[CallKind, Usage] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """The right to one call; settle it exactly once."""

    number: int
    kind: CallKind
    worst: Usage


class Ledger:
    """What was spent, what is promised to calls in flight, and what may still be."""

    def __init__(
        self, budget: Budget, *, spent: Mapping[CallKind, Usage] = UNSPENT
    ) -> None:
        self._budget = budget
        self._open: dict[int, Usage] = {}
        self._n_reserved = 0
        self._by_kind = dict(spent)
        self.spent = sum(spent.values(), NOTHING)

    @property
    def by_kind(self) -> Mapping[CallKind, Usage]:
        """What was spent, by what for."""
        return dict(self._by_kind)

    @property
    def committed(self) -> Usage:
        """Spent, plus the worst case of every call in flight."""
        return sum(self._open.values(), self.spent)

    @property
    def has_open(self) -> bool:
        """Whether a refusal may turn into a yes once a call in flight settles."""
        return bool(self._open)

    def reserve(
        self, worst: Usage, *, kind: CallKind, elapsed_seconds: float
    ) -> Reservation | StopReason:
        """Promise `worst` to a call, or say which bound forbids it."""
        refusal = self._refusal(self.committed + worst, elapsed_seconds)
        # What costs nothing, such as the offline proposer, is bound by time only.
        if refusal is StopReason.SECONDS or (refusal and worst != NOTHING):
            return refusal
        self._n_reserved += 1
        self._open[self._n_reserved] = worst
        return Reservation(number=self._n_reserved, kind=kind, worst=worst)

    def settle(self, reservation: Reservation, actual: Usage) -> None:
        """Replace the promise by what the call spent; nothing if it was never made."""
        del self._open[reservation.number]
        self.spent += actual
        kind = reservation.kind
        self._by_kind[kind] = self._by_kind.get(kind, NOTHING) + actual

    def _refusal(self, total: Usage, elapsed_seconds: float) -> StopReason | None:
        budget = self._budget
        if budget.max_seconds is not None and elapsed_seconds >= budget.max_seconds:
            return StopReason.SECONDS
        if budget.max_requests is not None and total.requests > budget.max_requests:
            return StopReason.REQUESTS
        tokens = total.input_tokens + total.output_tokens
        if budget.max_tokens is not None and tokens > budget.max_tokens:
            return StopReason.TOKENS
        if budget.max_usd is not None and total.usd > budget.max_usd:
            return StopReason.COST
        return None
