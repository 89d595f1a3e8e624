"""A module under test in a session that was collected before there was a candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


class Unfit(Exception):
    """Raised where a candidate cannot be judged by tests collected without it."""


@dataclass(frozen=True)
class Adopted:
    module: ModuleType
    file: str
    original: bytes
    path: list[str]
    there: list[str]
    replaced: frozenset[tuple[str, ...]]
    """The functions that ask, and would have noticed if they had been called."""
