"""Which paths of a tree to allow so that some of its files stay hidden; no mounts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Visible:
    whole: tuple[str, ...]
    """Files, and folders with all that is in them."""
    listed: tuple[str, ...]
    """Folders of which only the names are to be seen."""


def paths(root: str, hidden: Iterable[str]) -> Visible:
    """Take apart only the folders above something hidden."""
    secret = frozenset(hidden)
    split: set[str] = {root} if secret else set()
    for path in secret:
        folder = os.path.dirname(path)  # noqa: PTH120 - strings
        while folder.startswith(root) and folder not in split:
            split.add(folder)
            folder = os.path.dirname(folder)  # noqa: PTH120
    if not split:
        return Visible(whole=(root,), listed=())
    whole: list[str] = []
    for folder in split:
        with os.scandir(folder) as entries:
            paths = [entry.path for entry in entries]
        whole += [path for path in paths if path not in secret and path not in split]
    return Visible(whole=tuple(whole), listed=(root,))
