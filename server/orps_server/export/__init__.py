"""Searches as data for training: one module for each format, and one line here.

A format is a function from the state of a search to JSON objects, one a line.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from orps_search.journal.fold import SearchState

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """One way to write searches down."""

    summary: str
    """One line, for people who choose."""
    module: str
    """Of this package; its `export(state)` yields the objects. Imported when chosen."""

    def load(self) -> Callable[[SearchState], Iterator[Json]]:
        found: Callable[[SearchState], Iterator[Json]] = import_module(
            f"orps_server.export.{self.module}"
        ).export
        return found


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "trajectories": ExportFormat(
            summary="each path from a draft to its last rewrite, with rewards per step",
            module="trajectories",
        ),
        "prm": ExportFormat(
            summary="each candidate in steps, right or wrong, for reward-model trainers",
            module="prm",
        ),
    }
)
