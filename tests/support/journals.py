"""Journals of small searches, and a journal that keeps its records in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orps_search.config import Budget, SearchConfig
from orps_search.journal.codec import decode, encode
from orps_search.journal.entries import Began, Entry, Record

SEARCH = "5ea7c401"


def records(entries: Iterable[Entry]) -> list[Record]:
    """One second apart."""
    return [
        Record(seq=seq, time=1000.0 + seq, search_id=SEARCH, entry=entry)
        for seq, entry in enumerate(entries)
    ]


def began(config: SearchConfig | None = None, budget: Budget | None = None) -> Began:
    return Began(
        module_path="m.py",
        qualname="double",
        source="def double(x): ...",
        fingerprint="f",
        case_ids=("test_m.py::test_two",),
        config=config or SearchConfig(policy="cot"),
        budget=budget or Budget(),
        programmer="fake",
    )


@dataclass
class MemoryJournal:
    """Keeps what it is told as text, as a disk would."""

    lines: list[str] = field(default_factory=list[str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    n_saved: int = 0

    def append(self, entry: Entry, texts: Mapping[str, str]) -> None:
        seq = len(self.lines)
        record = Record(seq=seq, time=1000.0 + seq, search_id=SEARCH, entry=entry)
        self.lines.append(encode(record))
        self.texts |= texts

    async def saved(self) -> None:
        self.n_saved = len(self.lines)

    @property
    def records(self) -> list[Record]:
        return [decode(line) for line in self.lines]
