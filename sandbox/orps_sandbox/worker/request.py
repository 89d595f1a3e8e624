"""What the executor asks of the worker, read once at the border."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orps_sandbox.worker.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class Observing:
    """Calls to be made to one module, instead of its tests."""

    module_path: str
    """Relative."""
    calls: tuple[tuple[int, str], ...]
    """Each with the place that it has among all calls of the observation."""


@dataclass(frozen=True)
class Screening:
    """Variants of one module to try in one session, instead of running its text."""

    file: str
    """Relative."""
    text: str
    variants: tuple[tuple[tuple[int, int, str], ...], ...]
    """Each as replacements of `text[start:end]`, the last place first."""
    order: tuple[str, ...]
    """The ids of the cases, in which they are to be run."""
    stops_at_failure: bool

    def texts(self) -> Iterator[str]:
        for replacements in self.variants:
            text = self.text
            for start, end, replacement in replacements:
                text = text[:start] + replacement + text[end:]
            yield text


@dataclass(frozen=True)
class Splitting:
    """The candidate runs in a process of its own, from texts that are not on disk."""

    sources: Mapping[str, str]
    """By relative path."""
    hidden: tuple[str, ...]
    """Files that the candidate must not read; relative."""
    may_be_warm: bool
    """Whether a session that others have collected will do."""
    module_path: str
    """Relative; where calls are made."""
    calls: tuple[tuple[str, str], ...]
    """Expressions, with those for what they have to give; instead of tests."""


@dataclass(frozen=True)
class RunRequest:
    """One child: collect only, run the given cases, observe calls, or screen."""

    frame: Mapping[str, Any]
    """What it was read from, to be passed on."""
    copy_root: str
    selection: Selection
    case_ids: frozenset[str] | None
    """`None` to collect without running anything."""
    files: tuple[str, ...]
    """Files of the candidate; relative."""
    docstrings: Mapping[str, str]
    """The docstrings that hold the selected doctests, as the user wrote them."""
    canaries: tuple[str, ...]
    """Names of tests that cannot pass, to be planted among the cases."""
    repeats: int
    """Of all cases, after they were collected; where none is to be run."""
    import_roots: tuple[str, ...]
    """Folders for the end of `sys.path`; relative."""
    max_timeouts: int
    pytest_args: tuple[str, ...]
    trace_lines: bool
    wall_seconds: float
    case_seconds: float
    cpu_seconds: float
    address_space_bytes: int | None
    file_bytes: int
    output_bytes: int
    kept_output_bytes: int
    processes: int
    observing: Observing | None = None
    count_events: bool = False
    screening: Screening | None = None
    splitting: Splitting | None = None
    counting: bool = False
    """Split, with the candidate inside of valgrind."""

    @property
    def calls_to_judge(self) -> tuple[tuple[str, str], ...]:
        return self.splitting.calls if self.splitting else ()

    @property
    def hidden(self) -> tuple[str, ...]:
        """Absolute paths of what the candidate must not read."""
        names = self.splitting.hidden if self.splitting else ()
        return tuple(os.path.join(self.copy_root, name) for name in names)  # noqa: PTH118 - strings

    @classmethod
    def from_frame(cls, frame: Mapping[str, Any], *, copy_root: str) -> RunRequest:
        cases = frame["case_ids"]
        limits = frame["limits"]
        return cls(
            frame=frame,
            copy_root=copy_root,
            selection=Selection(node_ids=frame["node_ids"], doctests=frame["doctests"]),
            case_ids=None if cases is None else frozenset(cases),
            files=tuple(frame["files"]),
            docstrings=frame["docstrings"],
            canaries=tuple(frame["canaries"]),
            repeats=frame["repeats"],
            import_roots=tuple(frame["import_roots"]),
            max_timeouts=frame["max_timeouts"],
            pytest_args=tuple(frame["pytest_args"]),
            trace_lines=frame["trace_lines"],
            wall_seconds=limits["wall_seconds"],
            case_seconds=limits["case_seconds"],
            cpu_seconds=limits["cpu_seconds"],
            address_space_bytes=limits["address_space_bytes"],
            file_bytes=limits["file_bytes"],
            output_bytes=limits["output_bytes"],
            kept_output_bytes=limits["kept_output_bytes"],
            processes=limits["processes"],
            count_events=frame["count_events"],
            observing=_observing(frame.get("observe")),
            screening=_screening(frame.get("screen")),
            splitting=_splitting(frame.get("split")),
            counting=frame["count_instructions"],
        )


def _observing(frame: Mapping[str, Any] | None) -> Observing | None:
    if frame is None:
        return None
    calls = tuple((index, source) for index, source in frame["calls"])
    return Observing(module_path=frame["module_path"], calls=calls)


def _splitting(frame: Mapping[str, Any] | None) -> Splitting | None:
    if frame is None:
        return None
    return Splitting(
        sources=frame["sources"],
        hidden=tuple(frame["hidden"]),
        may_be_warm=frame["may_be_warm"],
        module_path=frame.get("module_path", ""),
        calls=tuple((call, wanted) for call, wanted in frame.get("calls", ())),
    )


def _screening(frame: Mapping[str, Any] | None) -> Screening | None:
    if frame is None:
        return None
    return Screening(
        file=frame["file"],
        text=frame["text"],
        variants=tuple(
            tuple((start, end, text) for start, end, text in replacements)
            for replacements in frame["variants"]
        ),
        order=tuple(frame["order"]),
        stops_at_failure=frame["stops_at_failure"],
    )
