"""What was found for a file before is there again when the file is opened.

Nothing is executed for it: the candidates were, then. Whether they still fit is asked
of the present text each time that one is offered, as for a search of this session.
"""

from dataclasses import dataclass

from anyio import to_thread

from orps_search.candidate import Candidate
from orps_search.events import SearchUsage
from orps_search.journal.codec import JournalFault
from orps_search.journal.document import stored_word
from orps_search.journal.fold import SearchState
from orps_search.journal.playback import ranking
from orps_search.source.fault import TargetFault
from orps_search.source.target import Target
from orps_server.disclosure.redaction import PLACEHOLDER
from orps_server.errors import RequestFault
from orps_server.open_files import Document
from orps_server.searches import FunctionKey, Progress, Search, State
from orps_server.staleness import Stale, over_own_body
from orps_server.store.journal import SearchJournal
from orps_server.store.rows import Row
from orps_server.store.store import SearchStore, StoredSearch
from orps_server.targets import find_target

MAX_FUNCTIONS = 50
"""Of one file whose searches are looked up."""


async def stored_searches(store: SearchStore, document: Document) -> tuple[Search, ...]:
    """The latest search of each function of a file, but for those that run elsewhere.

    What cannot be read is left out: it is no reason to bother somebody who only
    opened a file.
    """
    try:
        rows = await store.rows_of(document.path)
        latest: dict[str, Row] = {}
        for row in rows:
            latest.setdefault(row.header.qualname, row)
        found: list[Search] = []
        for row in list(latest.values())[:MAX_FUNCTIONS]:
            search = None if row.is_running else await _restored(store, row, document)
            if search is not None:
                found.append(search)
    except RequestFault:
        return ()
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    journal: SearchJournal
    state: SearchState
    ranking: tuple[Candidate, ...]


async def _restored(store: SearchStore, row: Row, document: Document) -> Search | None:
    stored = await store.load(row.header.search_id)
    try:
        # Folding a search of thousands of candidates takes a while.
        kept = await to_thread.run_sync(_kept, stored)
    except JournalFault:
        return None
    began = kept.state.began
    origin = _origin(began.source, began.qualname, document.text)
    if origin is None:
        return None
    search = Search(
        search_id=stored.header.search_id,
        uri=document.uri,
        key=FunctionKey(path=document.path, qualname=began.qualname),
        origin=origin,
        fingerprint="",
    )
    search.restore(_progress(kept), kept.journal)
    _recognize(search, document.text)
    return search


def _kept(stored: StoredSearch) -> _Kept:
    """Without what secrets were taken out of: it is not what was executed."""
    journal = SearchJournal(stored.header.search_id, None, stored.records)
    state = journal.state()
    ranked = tuple(each for each in ranking(state) if PLACEHOLDER not in each.code)
    return _Kept(journal=journal, state=state, ranking=ranked)


def _progress(kept: _Kept) -> Progress:
    state = kept.state
    return Progress(
        state=State(stored_word(state)),
        is_stored=True,
        proposer=state.began.programmer,
        n_done=len(state.told),
        n_max=len(state.expansions),
        ranking=kept.ranking,
        usage=SearchUsage(
            calls=state.usage, executions=len(state.candidates), seconds=state.seconds
        ),
        verified_at=state.updated,
        stop_reason=state.stopped.reason if state.stopped else None,
    )


def _origin(source: str, qualname: str, text: str) -> Target | None:
    """The target as it was: from the present text if it is the same there."""
    present = find_target(text, qualname)
    if isinstance(present, Target) and present.source == source:
        return present
    then = find_target(source, qualname.rpartition(".")[2])
    return None if isinstance(then, TargetFault) else then


def _recognize(search: Search, text: str) -> None:
    """One of ours may stand in the file since; it is not somebody else's work."""
    present = find_target(text, search.key.qualname)
    if isinstance(present, TargetFault) or present.source == search.origin.source:
        return
    for candidate in search.progress.ranking:
        placed = over_own_body(search, candidate, text)
        if not isinstance(placed, Stale) and placed.source == present.source:
            search.accept(present.source)
            return
