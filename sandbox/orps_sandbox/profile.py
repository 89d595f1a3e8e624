"""What the children of one execution cost; pure."""

from collections.abc import Iterable, Sequence

from orps_sandbox.outcome import ExecutionProfile
from orps_sandbox.reports import Attempt


def of(attempts: Sequence[Attempt]) -> ExecutionProfile:
    """Sum over the attempts whose cases began; imports and collection do not count."""
    ran = [attempt for attempt in attempts if attempt.begun is not None]
    if not ran:
        return ExecutionProfile()
    return ExecutionProfile(
        wall_seconds=sum(_wall_seconds(attempt) for attempt in ran),
        cpu_seconds=_total(_cpu_seconds(attempt) for attempt in ran),
        peak_memory_bytes=_largest(_peak_memory_bytes(attempt) for attempt in ran),
        page_faults=_whole(_total(_page_faults(attempt) for attempt in ran)),
    )


def added(one: ExecutionProfile, other: ExecutionProfile) -> ExecutionProfile:
    """Of two runs, one after the other."""
    return ExecutionProfile(
        wall_seconds=_total((one.wall_seconds, other.wall_seconds)),
        cpu_seconds=_total((one.cpu_seconds, other.cpu_seconds)),
        peak_memory_bytes=_largest((one.peak_memory_bytes, other.peak_memory_bytes)),
        page_faults=_whole(_total((one.page_faults, other.page_faults))),
    )


def _wall_seconds(attempt: Attempt) -> float:
    cases = sum(result.wall_seconds or 0.0 for result in attempt.results)
    return cases + (attempt.running_wall_seconds or 0.0)


def _cpu_seconds(attempt: Attempt) -> float | None:
    if attempt.running is None:
        # Case by case, and so without what pytest itself needs between cases.
        return sum(result.cpu_seconds or 0.0 for result in attempt.results)
    assert attempt.begun is not None
    return _difference(attempt.used.cpu_seconds, attempt.begun.cpu_seconds)


def _peak_memory_bytes(attempt: Attempt) -> float | None:
    if attempt.born is None:
        return None
    return _difference(attempt.used.peak_memory_bytes, attempt.born.peak_memory_bytes)


def _page_faults(attempt: Attempt) -> float | None:
    assert attempt.begun is not None
    return _difference(attempt.used.page_faults, attempt.begun.page_faults)


def _difference(after: float | None, before: float | None) -> float | None:
    if after is None or before is None:
        return None
    return max(after - before, 0)


def _total(parts: Iterable[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _largest(parts: Iterable[float | None]) -> int | None:
    return _whole(max((part for part in parts if part is not None), default=None))


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)
