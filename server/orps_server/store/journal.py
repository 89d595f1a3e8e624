"""The journal of one search: numbers and dates its records, folds them, passes them on.

The fold is there whether or not anything is stored: the editor's tree is drawn from it.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Protocol

from orps_search.journal.entries import Called, Entry, Record
from orps_search.journal.fold import Folding, SearchState


class Sink(Protocol):
    """Keeps records somewhere."""

    def write(self, record: Record, texts: Mapping[str, str]) -> None:
        """Take a record in order; returns at once."""
        ...

    async def written(self) -> None:
        """Return once all records are kept, or cannot be; never raise."""
        ...


class SearchJournal:
    """`orps_search.journal.seam.Journal`, with memory."""

    def __init__(
        self,
        search_id: str,
        sink: Sink | None = None,
        past: Iterable[Record] = (),
        *,
        keeps_prompts: bool = False,
    ) -> None:
        """`past` are the records that there are already.

        Prompts follow from the rest and would be most of what is kept.
        """
        self._search_id = search_id
        self.sink = sink
        self._keeps_prompts = keeps_prompts
        self._folding = Folding()
        self._n_records = 0
        for record in past:
            self._folding.add(record)
            self._n_records += 1

    @property
    def is_empty(self) -> bool:
        """The search has not begun: its job is not open."""
        return not self._n_records

    def state(self) -> SearchState:
        """What the records say so far; there must be one."""
        return self._folding.state()

    def append(self, entry: Entry, texts: Mapping[str, str]) -> None:
        if not self._keeps_prompts:
            texts = _without_prompts(entry, texts)
        self.take(
            Record(
                seq=self._n_records,
                time=time.time(),
                search_id=self._search_id,
                entry=entry,
            ),
            texts,
        )

    def take(self, record: Record, texts: Mapping[str, str]) -> None:
        """Append what was numbered and dated elsewhere."""
        self._n_records += 1
        self._folding.add(record)
        if self.sink is not None:
            self.sink.write(record, texts)

    async def saved(self) -> None:
        if self.sink is not None:
            await self.sink.written()


def _without_prompts(entry: Entry, texts: Mapping[str, str]) -> Mapping[str, str]:
    if not isinstance(entry, Called):
        return texts
    prompts = {exchange.prompt for exchange in entry.exchanges}
    return {digest: text for digest, text in texts.items() if digest not in prompts}
