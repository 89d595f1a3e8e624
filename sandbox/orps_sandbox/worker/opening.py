"""The executor's first frame, read once at the border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Opening:
    """Where a worker works, and how strongly what it starts is to be confined."""

    tier: str
    """A, B or C."""
    real_root: str
    copy_root: str
    folder: str
    """The slot's own; it holds the copy, the scratch folder, and files of ours."""
    scratch: str
    """Holds the runs' home and temporary folder."""
    linked: tuple[str, ...]
    """Paths outside the copy that links in it lead to."""
    group: str = ""
    """The cgroup that is ours to use; empty where there is none."""
    preimports: tuple[str, ...] = ()
    """Modules to import once, if they are installed."""

    @classmethod
    def from_frame(cls, frame: Mapping[str, Any]) -> Opening:
        return cls(
            tier=frame["tier"],
            real_root=frame["real_root"],
            copy_root=frame["copy_root"],
            folder=frame["folder"],
            scratch=frame["scratch"],
            linked=tuple(frame["linked"]),
            group=frame["group"],
            preimports=tuple(frame["preimports"]),
        )
