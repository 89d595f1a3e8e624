"""Reads the rows that `orps-lsp label --prm` writes; pure."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast


class BadRow(ValueError):
    """Raised for a line that is no row of stepwise supervision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One step, what stands before it, and whether execution found it right."""

    problem: str
    """What must not be split between training and test."""
    prefix: str
    step: str
    label: bool
    n_cases: int
    n_executing: int
    position: int
    """How many steps stand before it."""


def examples_of(lines: Iterable[str]) -> Iterator[Example]:
    """Yield the steps of programs, and of mutants only the changed one.

    The steps before that one are the program's own and count once. Raises `BadRow`.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = cast("dict[str, Any]", json.loads(line))
                yield from _examples(row)
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise BadRow(f"line {number} is no row of labels: {error!r}") from error


def _examples(row: dict[str, Any]) -> Iterator[Example]:
    steps: list[str] = row["completions"]
    labels: list[bool] = row["labels"]
    executed: list[int] = row.get("executed") or [0] * len(steps)
    if not (len(steps) == len(labels) == len(executed)) or not steps:
        raise BadRow("completions, labels and executed differ in length")
    is_original = row.get("operator", "original") == "original"
    for position in range(0 if is_original else len(steps) - 1, len(steps)):
        yield Example(
            problem=str(row.get("problem") or row["prompt"]),
            prefix=row["prompt"] + "".join(steps[:position]),
            step=steps[position],
            label=bool(labels[position]),
            n_cases=int(row.get("cases") or 0),
            n_executing=int(executed[position]),
            position=position,
        )
