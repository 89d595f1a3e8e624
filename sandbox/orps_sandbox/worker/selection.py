"""Which collected items were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Selection:
    """pytest node ids, files or folders; and docstrings, as `file::Qual.name`."""

    def __init__(self, *, node_ids: Iterable[str], doctests: Iterable[str]) -> None:
        self.node_ids = tuple(node_ids)
        self.doctests = tuple(doctests)

    @property
    def files(self) -> tuple[str, ...]:
        """What pytest is given to collect from, each once.

        Whole files rather than node ids: one id that pytest does not know makes it
        refuse all the others.
        """
        every = [path_of(entry) for entry in (*self.node_ids, *self.doctests)]
        return tuple(dict.fromkeys(every))

    def wants(self, node_id: str) -> bool:
        return any(covers(wanted, node_id) for wanted in self.node_ids)

    def doctest_of(self, path: str, qualname: str) -> str | None:
        entry = f"{path}::{qualname}"
        return entry if entry in self.doctests else None


def path_of(node_id: str) -> str:
    return node_id.partition("::")[0]


def covers(wanted: str, node_id: str) -> bool:
    """Tell whether `wanted` names this case, its parameter sets, class or file."""
    if node_id == wanted or node_id.startswith((wanted + "[", wanted + "::")):
        return True
    if "::" in wanted:
        return False
    folder = wanted.rstrip("/")
    return folder in ("", ".") or path_of(node_id).startswith(folder + "/")
