"""Executes stored candidates again for the present text and tests; asks no model.

A candidate that passed everything and no longer does is hidden until it does again.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Protocol

import anyio

from orps_search.candidate import Candidate, CandidateId
from orps_search.reward import answer_key
from orps_search.source.fault import TargetFault
from orps_search.source.target import Target
from orps_server.basis import take_basis
from orps_server.errors import RequestFault
from orps_server.parsing_thread import in_parsing_thread
from orps_server.preparation import GenerateRequest
from orps_server.searches import Search
from orps_server.settings import Settings
from orps_server.staleness import has_own_body
from orps_server.targets import find_target

MAX_CANDIDATES = 20
"""The best ones; nobody looks further down the list."""


class Bench(Protocol):
    """What is needed of `orps_server.engine.Workbench`."""

    async def verify(self, code: str) -> Candidate: ...


OpenBench = Callable[[GenerateRequest, Settings], AbstractAsyncContextManager[Bench]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """What is to be executed again, and against what."""

    request: GenerateRequest
    text: str
    """Of the function's file, as it is in `request`."""
    first: CandidateId | None = None
    """Somebody waits for this one."""


def present_target(search: Search, again: Again) -> Target:
    """The function as it is now; raises `RequestFault` where it cannot be verified."""
    target = find_target(again.text, search.key.qualname)
    if isinstance(target, TargetFault):
        kind = "syntaxError" if target.kind == "syntaxError" else "stale"
        raise RequestFault(target.message, kind=kind)
    if has_own_body(search, target):
        raise RequestFault(
            f"The body of `{search.key.qualname}` has changed since the search.",
            kind="stale",
            hint="Undo your change, or generate again for the present text.",
        )
    return target


async def verify_again(
    search: Search, again: Again, settings: Settings, open_bench: OpenBench
) -> None:
    """Bring a search's candidates up to date; raises `RequestFault`, `SandboxError`."""
    target = present_target(search, again)
    basis = await in_parsing_thread(take_basis, again.request)
    chosen = sorted(
        search.progress.ranking[:MAX_CANDIDATES],
        key=lambda candidate: candidate.id != again.first,
    )
    renewed: dict[CandidateId, Candidate] = {}
    hidden: set[CandidateId] = set()
    async with open_bench(again.request, settings) as bench:
        for candidate in chosen:
            try:
                executed = await bench.verify(candidate.code)
            except RequestFault:
                # It does not fit into the present text.
                hidden.add(candidate.id)
                continue
            renewed[candidate.id] = _renewed(candidate, executed)
            passed = candidate.outcome.all_passed or candidate.id in search.hidden
            if passed and not executed.outcome.all_passed:
                hidden.add(candidate.id)
            await anyio.lowlevel.checkpoint()
    ranking = sorted(
        (renewed.get(each.id, each) for each in search.progress.ranking),
        key=answer_key,
    )
    hidden |= {each.id for each in search.progress.ranking[MAX_CANDIDATES:]}
    search.renew(
        ranking=tuple(ranking), hidden=frozenset(hidden), origin=target, basis=basis
    )


def _renewed(candidate: Candidate, executed: Candidate) -> Candidate:
    """The same candidate with what its code shows now."""
    return replace(
        candidate,
        outcome=executed.outcome,
        outcome_reward=executed.outcome_reward,
        static_metrics=executed.static_metrics,
        outputs=executed.outputs,
    )
