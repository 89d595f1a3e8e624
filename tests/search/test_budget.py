"""The ledger never promises more than there is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orps_search.budget import Ledger, Reservation
from orps_search.config import Budget
from orps_search.events import StopReason
from orps_search.prices import Price, priced
from orps_search.proposer import CallKind, Usage

ONE = Usage(requests=1, input_tokens=100, output_tokens=50)


def reserved(ledger: Ledger, worst: Usage = ONE) -> Reservation:
    answer = ledger.reserve(worst, kind=CallKind.DRAFT, elapsed_seconds=0)
    assert isinstance(answer, Reservation)
    return answer


def test_the_last_request_is_refused_before_it_is_made() -> None:
    ledger = Ledger(Budget(max_requests=2, max_tokens=None, max_seconds=None))
    reserved(ledger)
    reserved(ledger)
    assert (
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=0)
        is StopReason.REQUESTS
    )


def test_settling_gives_back_what_was_not_needed() -> None:
    ledger = Ledger(Budget(max_requests=None, max_tokens=200, max_seconds=None))
    first = reserved(ledger)
    assert (
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=0) is StopReason.TOKENS
    )
    assert ledger.has_open
    ledger.settle(first, Usage(requests=1, input_tokens=40, output_tokens=10))
    assert not ledger.has_open
    reserved(ledger)
    assert ledger.spent == Usage(requests=1, input_tokens=40, output_tokens=10)


def test_time_is_over_at_the_bound() -> None:
    ledger = Ledger(Budget(max_requests=None, max_tokens=None, max_seconds=2.0))
    assert isinstance(
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=1.9), Reservation
    )
    assert (
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=2.0)
        is StopReason.SECONDS
    )
    assert (
        ledger.reserve(Usage(), kind=CallKind.DRAFT, elapsed_seconds=2.0)
        is StopReason.SECONDS
    )


def test_money_is_a_bound_like_any_other() -> None:
    price = Price(input_usd=1.0, output_usd=4.0)
    worst = priced(Usage(requests=1, input_tokens=1_000, output_tokens=500), price)
    assert worst.usd == pytest.approx(0.003)
    limits = Budget(max_requests=None, max_tokens=None, max_seconds=None, max_usd=0.005)
    ledger = Ledger(limits)
    first = reserved(ledger, worst)
    refused = ledger.reserve(worst, kind=CallKind.CRITIQUE, elapsed_seconds=0)
    assert refused is StopReason.COST
    ledger.settle(first, priced(Usage(requests=1, input_tokens=1_000), price))
    reserved(ledger, worst)


def test_every_kind_of_call_is_in_the_same_ledger() -> None:
    known = {CallKind.CRITIQUE: Usage(requests=2)}
    ledger = Ledger(Budget(max_requests=8), spent=known)
    for kind in CallKind:
        reservation = ledger.reserve(ONE, kind=kind, elapsed_seconds=0)
        assert isinstance(reservation, Reservation)
        ledger.settle(reservation, Usage(requests=1))
    assert ledger.spent.requests == 7
    assert ledger.by_kind[CallKind.CRITIQUE] == Usage(requests=3)
    assert ledger.by_kind[CallKind.TESTS] == Usage(requests=1)
    assert set(ledger.by_kind) == set(CallKind)


def test_what_costs_nothing_needs_no_budget() -> None:
    ledger = Ledger(Budget(max_requests=0, max_tokens=0, max_seconds=None))
    reserved(ledger, Usage())
    assert (
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=0)
        is StopReason.REQUESTS
    )


def test_a_spendthrift_call_counts_as_what_it_spent() -> None:
    ledger = Ledger(Budget(max_requests=None, max_tokens=200, max_seconds=None))
    ledger.settle(reserved(ledger), Usage(requests=1, input_tokens=999))
    assert (
        ledger.reserve(ONE, kind=CallKind.DRAFT, elapsed_seconds=0) is StopReason.TOKENS
    )


_usages = st.builds(
    Usage,
    requests=st.integers(0, 2),
    input_tokens=st.integers(0, 60),
    output_tokens=st.integers(0, 60),
)


# The machine may be busy with other things: a slow example is no failure.
@settings(deadline=None, max_examples=60)
@given(
    max_requests=st.integers(0, 8),
    max_tokens=st.integers(0, 400),
    steps=st.lists(st.tuples(_usages, st.floats(0, 1), st.booleans()), max_size=40),
)
def test_never_overspends(
    max_requests: int, max_tokens: int, steps: list[tuple[Usage, float, bool]]
) -> None:
    ledger = Ledger(
        Budget(max_requests=max_requests, max_tokens=max_tokens, max_seconds=None)
    )
    open_calls: list[Reservation] = []
    for worst, share, settles in steps:
        answer = ledger.reserve(worst, kind=CallKind.DRAFT, elapsed_seconds=0)
        if isinstance(answer, Reservation):
            open_calls.append(answer)
        if settles and open_calls:
            call = open_calls.pop(0)
            actual = Usage(
                requests=call.worst.requests,
                input_tokens=int(call.worst.input_tokens * share),
                output_tokens=int(call.worst.output_tokens * share),
            )
            ledger.settle(call, actual)
        total = ledger.committed
        assert total.requests <= max_requests
        assert total.input_tokens + total.output_tokens <= max_tokens
