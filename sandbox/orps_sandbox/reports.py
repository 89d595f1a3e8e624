"""What a worker says of one child, read into types at the border."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import cast

from orps_sandbox.outcome import CaseResult, CaseStatus, Judge
from orps_sandbox.program import CollectionProblem

Frame = Mapping[str, object]


class Stop(Enum):
    """Why the worker ended a child; the values are the words of its protocol."""

    NONE = ""
    WALL = "wall"
    CASE = "case"
    OUTPUT = "output"
    PROCESSES = "processes"
    GARBLED = "garbled"
    ABANDONED = "abandoned"
    WORKER_LOST = "worker-lost"
    UNFIT = "unfit"
    """The tests, or what the candidate changes, need a session of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    cpu_seconds: float | None = None
    peak_memory_bytes: int | None = None
    page_faults: int | None = None
    address_space_bytes: int | None = None


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One child from fork to death, as far as it was reported."""

    results: list[CaseResult] = field(default_factory=list[CaseResult])
    observed: list[tuple[int, str, str]] = field(
        default_factory=list[tuple[int, str, str]]
    )
    """Of an observation: place, kind and text of each call."""
    events: int | None = None
    """Instructions of the interpreter, where they were counted."""
    counters: tuple[int | None, int | None] = (None, None)
    """Instructions and branch misses of the processor."""
    counters_missing: str = ""
    cachegrind: tuple[int, int] | None = None
    """The same, counted by valgrind."""
    canaries: tuple[str, ...] | None = None
    """Tests that cannot pass, planted among the cases; `None` if nobody said so."""
    running: str | None = None
    """The case that was begun and not finished."""
    is_untouched: bool = False
    """Whether the worker has seen that nothing of the copy has changed."""
    changed_files: bool = False
    """Whether a file of the project's copy is not what it was before the run."""
    is_for_good: bool = False
    """Whether no run of these cases can be forked from a session collected before."""
    lost: str = ""
    """Why the judge broke with a candidate that had not ended."""
    unsplittable: dict[str, str] = field(default_factory=dict[str, str])
    """Cases, or files, that have to run beside the candidate; and why."""
    running_status: CaseStatus | None = None
    running_message: str = ""
    running_wall_seconds: float | None = None
    collecting: str = ""
    """The file that pytest was collecting last."""
    collected: "Collected | None" = None
    screened: list[str] = field(default_factory=list[str])
    """A word per variant, see `orps_sandbox.worker.screening`."""
    repeated: list[str] = field(default_factory=list[str])
    """A word per repeat of what was collected, see `orps_sandbox.worker.repeating`."""
    problems: list[CollectionProblem] = field(default_factory=list[CollectionProblem])
    born: Usage | None = None
    """Set by the child's first words, before it meets the candidate."""
    begun: Usage | None = None
    """Set once the cases begin, after imports and collection."""
    used: Usage = field(default_factory=Usage)
    exit_status: int | None = None
    """pytest's own; `None` when it did not come to its end."""
    terminal: str = ""
    stop: Stop = Stop.NONE
    status: int | None = None
    """The process's own; `None` when it was killed."""
    signal: int | None = None
    output: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    case_ids: tuple[str, ...]
    docstrings: Mapping[str, str]
    address_space_bytes: int | None


def read_attempt(frames: Iterable[Frame]) -> Attempt:
    """Fold the frames of one child, in order; the last one is the worker's `done`."""
    attempt = Attempt()
    for frame in frames:
        read = _READERS.get(_text(frame, "kind"))
        if read is not None:
            read(attempt, frame)
    return attempt


def _born(attempt: Attempt, frame: Frame) -> None:
    attempt.born = _usage(frame)


def _collecting(attempt: Attempt, frame: Frame) -> None:
    attempt.collecting = _text(frame, "where")


def _problem(attempt: Attempt, frame: Frame) -> None:
    where = _text(frame, "where")
    # With doctests a module is collected twice, and fails twice.
    if all(problem.where != where for problem in attempt.problems):
        problem = CollectionProblem(where=where, message=_text(frame, "message"))
        attempt.problems.append(problem)


def _collected(attempt: Attempt, frame: Frame) -> None:
    docstrings = frame.get("docstrings")
    attempt.collected = Collected(
        case_ids=tuple(dict.fromkeys(_texts(frame, "case_ids"))),
        docstrings={
            str(entry): str(text)
            for entry, text in cast("Mapping[object, object]", docstrings).items()
        }
        if isinstance(docstrings, Mapping)
        else {},
        address_space_bytes=_whole(frame, "address_space_bytes"),
    )


def _begin(attempt: Attempt, frame: Frame) -> None:
    attempt.begun = _usage(frame)


def _start(attempt: Attempt, frame: Frame) -> None:
    attempt.running = _text(frame, "id")


def _unsplittable(attempt: Attempt, frame: Frame) -> None:
    where = attempt.running or attempt.collecting
    attempt.unsplittable.setdefault(where, _text(frame, "message"))


def _lost(attempt: Attempt, frame: Frame) -> None:
    attempt.lost = _text(frame, "reason")


def _case(attempt: Attempt, frame: Frame) -> None:
    attempt.running = None
    if _text(frame, "id") in attempt.unsplittable:
        return
    attempt.results.append(
        CaseResult(
            id=_text(frame, "id"),
            status=_status(frame),
            message=_text(frame, "message"),
            wall_seconds=_number(frame, "wall_seconds"),
            cpu_seconds=_number(frame, "cpu_seconds"),
            lines=_lines(frame),
            judge=Judge.SPLIT if frame.get("is_split") is True else Judge.IN_PROCESS,
        )
    )


def _observed(attempt: Attempt, frame: Frame) -> None:
    attempt.running = None
    index = frame.get("index")
    if isinstance(index, int):
        kind, text = _text(frame, "kind_of"), _text(frame, "text")
        attempt.observed.append((index, kind, text))


def _screened(attempt: Attempt, frame: Frame) -> None:
    attempt.screened += _texts(frame, "words")


def _planted(attempt: Attempt, frame: Frame) -> None:
    attempt.canaries = _texts(frame, "ids")


def _repeated(attempt: Attempt, frame: Frame) -> None:
    attempt.repeated += _texts(frame, "words")


def _count_events(attempt: Attempt, frame: Frame) -> None:
    attempt.events = _whole(frame, "n")


def _internal(attempt: Attempt, frame: Frame) -> None:
    attempt.running_status = _status(frame)
    attempt.running_message = _text(frame, "message")


def _end(attempt: Attempt, frame: Frame) -> None:
    attempt.exit_status = _whole(frame, "exit_status")
    attempt.terminal = _text(frame, "terminal")


def _done(attempt: Attempt, frame: Frame) -> None:
    attempt.stop = Stop(_text(frame, "reason"))
    attempt.is_untouched = frame.get("is_untouched") is True
    attempt.is_for_good = frame.get("is_for_good") is True
    attempt.status = _whole(frame, "status")
    attempt.signal = _whole(frame, "signal")
    attempt.output = _text(frame, "output")
    attempt.running_wall_seconds = _number(frame, "case_wall_seconds")
    attempt.counters = (_whole(frame, "instructions"), _whole(frame, "branch_misses"))
    attempt.counters_missing = _text(frame, "counters_missing")
    counted = frame.get("cachegrind")
    if isinstance(counted, list):
        instructions, misses = cast("list[int]", counted)
        attempt.cachegrind = (instructions, misses)
    usage = frame.get("usage")
    if isinstance(usage, Mapping):
        attempt.used = _usage(cast("Frame", usage))


_READERS = {
    "born": _born,
    "collecting": _collecting,
    "problem": _problem,
    "collected": _collected,
    "begin": _begin,
    "start": _start,
    "unsplittable": _unsplittable,
    "lost": _lost,
    "case": _case,
    "screened": _screened,
    "repeated": _repeated,
    "planted": _planted,
    "observed": _observed,
    "events": _count_events,
    "internal": _internal,
    "end": _end,
    "done": _done,
}


def _status(frame: Frame) -> CaseStatus:
    try:
        return CaseStatus(frame.get("status"))
    except ValueError:
        return CaseStatus.ERROR


def _usage(frame: Frame) -> Usage:
    return Usage(
        cpu_seconds=_number(frame, "cpu_seconds"),
        peak_memory_bytes=_whole(frame, "peak_memory_bytes"),
        page_faults=_whole(frame, "page_faults"),
        address_space_bytes=_whole(frame, "address_space_bytes"),
    )


def _text(frame: Frame, key: str) -> str:
    value = frame.get(key)
    return value if isinstance(value, str) else ""


def _texts(frame: Frame, key: str) -> tuple[str, ...]:
    value = frame.get(key)
    if not isinstance(value, list):
        return ()
    return tuple(text for text in cast("list[object]", value) if isinstance(text, str))


def _lines(frame: Frame) -> frozenset[int] | None:
    value = frame.get("lines")
    if not isinstance(value, list):
        return None
    numbers = cast("list[object]", value)
    return frozenset(number for number in numbers if isinstance(number, int))


def _whole(frame: Frame, key: str) -> int | None:
    number = _number(frame, key)
    return None if number is None else int(number)


def _number(frame: Frame, key: str) -> float | None:
    """Read a measure: finite and not negative, or nothing."""
    value = frame.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and value >= 0 else None
