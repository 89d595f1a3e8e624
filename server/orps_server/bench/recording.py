"""Recorded outputs of models: the programs and who was repaired into whom; pure.

Of a row only texts are read. What is recorded of how a program did never leaves the
file: a search has to find that out, and so does its score.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from orps_search.execution import normal_form
from orps_server.bench.rows import Row, line_fault, read_rows

WHAT = "a replay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One recorded answer."""

    code: str
    thought: str
    form: str
    """Equal for programs that differ only in layout, comments and docstrings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What one model, or a pool of them, answered to one task."""

    task_id: str
    model: str
    drafts: tuple[Recorded, ...]
    repairs: Mapping[str, tuple[Recorded, ...]]
    """The form of the program that was shown -> the answers, in the order recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRow:
    """A row that is sound, and not read further yet: that takes a while for many."""

    task_id: str
    model: str
    samples: tuple[str, ...]
    repairs: tuple[object, ...]


def load_recordings(paths: Sequence[Path]) -> tuple[RecordedRow, ...]:
    """One per row; raises `RequestFault` for a line that is no recording."""
    found: list[RecordedRow] = []
    for path in paths:
        for number, row in read_rows(path, what=WHAT):
            recorded = _recorded_row(row)
            if isinstance(recorded, str):
                raise line_fault(path, number, recorded, WHAT)
            found.append(recorded)
    return tuple(_apart(found))


def _apart(rows: Iterable[RecordedRow]) -> Iterator[RecordedRow]:
    """Number what the same model is recorded with for the same task in several rows."""
    seen: Counter[tuple[str, str]] = Counter()
    for row in rows:
        key = (row.task_id, row.model)
        seen[key] += 1
        n_seen = seen[key]
        yield row if n_seen == 1 else replace(row, model=f"{row.model} #{n_seen}")


def read_recording(row: RecordedRow) -> Recording:
    """Parse the programs, and find out which was repaired into which."""
    drafts = tuple(_recorded(code, "") for code in row.samples)
    return Recording(
        task_id=row.task_id,
        model=row.model,
        drafts=drafts,
        repairs=_repairs(drafts, row.repairs),
    )


def _recorded_row(row: Row) -> RecordedRow | str:
    """What is wrong with it, in words, if it is none."""
    task_id, samples = row.get("task_id"), row.get("samples")
    if not isinstance(task_id, str):
        return "it has no text `task_id`"
    if not _is_texts(samples):
        return "its `samples` are no list of programs"
    repairs: object = row.get("repairs") or []
    if not isinstance(repairs, list):
        return "its `repairs` are no list"
    model = row.get("model")
    return RecordedRow(
        task_id=task_id,
        model=model if isinstance(model, str) else "",
        samples=tuple(cast("list[str]", samples)),
        repairs=tuple(cast("list[object]", repairs)),
    )


def _repairs(
    drafts: Sequence[Recorded], rows: Sequence[object]
) -> dict[str, tuple[Recorded, ...]]:
    repaired = [_repair(row) for row in rows]
    by_parent: dict[str, list[Recorded]] = defaultdict(list)
    for row, answer in zip(rows, repaired, strict=True):
        shown = _shown(row, drafts, repaired)
        if answer is not None and shown is not None:
            by_parent[shown.form].append(answer)
    return {form: tuple(answers) for form, answers in by_parent.items()}


def _repair(row: object) -> Recorded | None:
    match row:
        case {"code": str(code), "thought": str(thought)}:
            return _recorded(code, thought)
        case {"code": str(code)}:
            return _recorded(code, "")
        case _:
            return None


def _shown(
    row: object, drafts: Sequence[Recorded], repaired: Sequence[Recorded | None]
) -> Recorded | None:
    match row:
        case {"parent": {"sample": int(idx)}} if 0 <= idx < len(drafts):
            return drafts[idx]
        case {"parent": {"repair": int(idx)}} if 0 <= idx < len(repaired):
            return repaired[idx]
        case _:
            return None


def _recorded(code: str, thought: str) -> Recorded:
    return Recorded(code=code, thought=thought, form=normal_form(code))


def _is_texts(found: object) -> bool:
    return isinstance(found, list) and all(
        isinstance(text, str) for text in cast("list[object]", found)
    )
