"""What an earlier run over the same stubs has left: searches, ended and interrupted."""

import os
from collections.abc import Mapping
from dataclasses import replace

from orps_search.events import SearchUsage
from orps_search.journal.codec import JournalFault
from orps_search.journal.fold import SearchState
from orps_search.journal.playback import ranking
from orps_server.batch.found import Found, found_of
from orps_server.batch.searching import Searching
from orps_server.document import Result
from orps_server.errors import RequestFault
from orps_server.preparation import prepare
from orps_server.resumption import is_interrupted
from orps_server.store.store import SearchStore, StoredSearch


async def with_past(
    store: SearchStore, works: Mapping[int, Searching]
) -> list[tuple[int, Searching | Found]]:
    """For each what is left to do, or what was found already."""
    return [(number, await _with_past(store, work)) for number, work in works.items()]


async def _with_past(store: SearchStore, work: Searching) -> Searching | Found:
    stored = await _latest(store, work)
    if stored is None:
        return work
    try:
        state = stored.state()
    except JournalFault:
        return work
    if not is_interrupted(state):
        # A search that has changed or ended otherwise is made again.
        return _recalled(work, state) or work
    await store.claim(stored.header.search_id)
    return replace(work, past=stored, search_id=stored.header.search_id)


async def _latest(store: SearchStore, work: Searching) -> StoredSearch | None:
    for row in await store.rows_of(work.request.file):
        if row.header.qualname == work.request.qualname and not row.header.tests:
            return await store.load(row.header.search_id)
    return None


def _recalled(work: Searching, state: SearchState) -> Found | None:
    """As it was found then, without a call or a run; `None` if it fits no more."""
    began, stopped = state.began, state.stopped
    assert stopped is not None
    try:
        preparation = prepare(work.request, work.settings, dict(os.environ))
    except RequestFault:
        return None
    problem = preparation.problem(began.case_ids, began.flaky)
    if problem.fingerprint != began.fingerprint:
        return None
    return found_of(
        Result(
            problem=problem,
            file=work.shown,
            encoding=preparation.source.encoding,
            policy=began.config.policy,
            proposer=began.programmer,
            stop_reason=stopped.reason.value,
            usage=SearchUsage(
                calls=state.usage,
                executions=len(state.candidates),
                seconds=state.seconds,
                by_kind=state.spent,
            ),
            ranking=ranking(state),
            search_id=state.search_id,
        )
    )
