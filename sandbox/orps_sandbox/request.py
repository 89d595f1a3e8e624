"""Builds the request for one child; pure."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TypedDict, Unpack, cast

from orps_sandbox.limits import Limits
from orps_sandbox.program import CaseSelection
from orps_sandbox.reports import Frame
from orps_sandbox.screening import Variant


class Asked(TypedDict, total=False):
    """What one child is to do beside collecting, or instead of running cases."""

    observe: Frame | None
    """Make calls to a module."""
    screen: Frame
    """Try variants on the cases."""
    split: Frame | None
    """Have the candidate in a process of its own."""
    canaries: tuple[str, ...]
    """Names of tests that cannot pass, to be planted among the cases."""
    trace_lines: bool
    count_events: bool
    count_instructions: bool
    repeats: int
    """Run what was collected as often as this, without any candidate."""


def run_request(
    selection: CaseSelection,
    limits: Limits,
    *,
    case_ids: tuple[str, ...] | None,
    files: Iterable[str],
    import_roots: tuple[str, ...],
    docstrings: Mapping[str, str],
    max_timeouts: int,
    pytest_args: tuple[str, ...],
    wall_seconds: float,
    address_space_bytes: int | None,
    **asked: Unpack[Asked],
) -> Frame:
    """The worker's `run` frame; no `case_ids` means to collect only."""
    return {
        "kind": "run",
        "node_ids": list(selection.node_ids),
        "doctests": list(selection.doctests),
        "case_ids": None if case_ids is None else list(case_ids),
        "files": list(files),
        "import_roots": list(import_roots),
        "docstrings": dict(docstrings),
        "canaries": list(asked.get("canaries", ())),
        "repeats": asked.get("repeats", 0),
        "max_timeouts": max_timeouts,
        "pytest_args": list(pytest_args),
        "observe": asked.get("observe"),
        "count_events": asked.get("count_events", False),
        "trace_lines": asked.get("trace_lines", False),
        "screen": asked.get("screen"),
        "split": asked.get("split"),
        "count_instructions": asked.get("count_instructions", False),
        "limits": {
            "wall_seconds": wall_seconds,
            "case_seconds": limits.case_seconds,
            "cpu_seconds": limits.cpu_seconds,
            "address_space_bytes": address_space_bytes,
            "file_bytes": limits.file_bytes,
            "output_bytes": limits.output_bytes,
            "kept_output_bytes": limits.kept_output_bytes,
            "processes": limits.processes,
        },
    }


def calls_of(module_path: str, calls: Sequence[str], wanted: Iterable[int]) -> Frame:
    """What a child is to observe; each call has its place among all of them."""
    chosen = [[index, calls[index]] for index in wanted]
    return {"module_path": module_path, "calls": chosen}


def screening_of(
    file: str,
    text: str,
    variants: Iterable[Variant],
    *,
    order: Sequence[str],
    stops_at_failure: bool,
) -> Frame:
    """What a child is to screen; the replacements of a variant from the last place."""
    return {
        "file": file,
        "text": text,
        "variants": [
            sorted(map(list, variant), key=lambda each: each[0], reverse=True)
            for variant in variants
        ],
        "order": list(order),
        "stops_at_failure": stops_at_failure,
    }


def split_of(
    files: Mapping[str, str], hidden: Iterable[str], *, may_be_warm: bool
) -> Frame:
    """The candidate's texts, which stay off the disk, and what it must not read.

    With `may_be_warm`, in a session that was collected for many candidates.
    """
    hidden = [name for name in hidden if name not in files]
    return {"sources": dict(files), "hidden": hidden, "may_be_warm": may_be_warm}


def calls_to_judge(split: Frame, module_path: str, calls: Mapping[str, str]) -> Frame:
    """The same, with calls and what they have to give in place of tests."""
    return {**split, "module_path": module_path, "calls": list(calls.items())}


def test_files(root: Path) -> tuple[str, ...]:
    """Files that hold tests, or what only tests use, by the names pytest gives them."""
    found = [
        path.relative_to(root).as_posix()
        for pattern in ("test_*.py", "*_test.py", "conftest.py")
        for path in root.rglob(pattern)
    ]
    return tuple(dict.fromkeys(found))


def import_roots(root: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Folders that a project may expect on `sys.path` without having said so.

    `src`, and for each Python file the folder above its topmost package.
    """
    tops = [_above_package(root, name) for name in files if name.endswith(".py")]
    return tuple(dict.fromkeys(["src", *tops]))


def _above_package(root: Path, name: str) -> str:
    folder = PurePosixPath(name).parent
    while folder != PurePosixPath() and (root / folder / "__init__.py").exists():
        folder = folder.parent
    return str(folder)


def files_of(selection: CaseSelection, split: Frame | None) -> list[str]:
    """Modules that a run is about, besides those that are written for it."""
    sources = cast("dict[str, str]", split["sources"]) if split else ()
    return [*sources, *(entry.partition("::")[0] for entry in selection.doctests)]
