"""The searches that were finished, a line each: what a broken-off bench goes on from."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from orps_server.bench.result import Run, RunKey, run_from_json, run_to_json
from orps_server.errors import RequestFault

SCHEMA = "orps.bench.results/1"
NAME = "results.jsonl"


class ResultsFile:
    """Appends; every line is complete before the next search counts as finished."""

    def __init__(self, path: Path, runs: dict[RunKey, Run]) -> None:
        self._path = path
        self.runs = runs

    @classmethod
    def open(cls, folder: Path, *, source: str) -> Self:
        """Read what is there; raises `RequestFault` where it is of another source.

        `source` names who answered: results of different ones must not be mixed.
        """
        path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                header = {"schema": SCHEMA, "source": source}
                path.write_text(json.dumps(header) + "\n", encoding="utf-8")
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise RequestFault(
                f"{path} cannot be written: {error.strerror}.",
                kind="badRequest",
                hint="Name another folder with --out.",
            ) from error
        lines = text.split("\n")
        if lines[-1]:
            # The writer was killed in the middle of this line; its search runs again.
            path.write_text("\n".join([*lines[:-1], ""]), encoding="utf-8")
        _require_header(lines[0], path, source)
        runs = [_run(line, path) for line in lines[1:-1] if line]
        return cls(path, {run.key: run for run in runs})

    def add(self, runs: Iterable[Run]) -> None:
        found = list(runs)
        self.runs |= {run.key: run for run in found}
        lines = [json.dumps(run_to_json(run)) + "\n" for run in found]
        with self._path.open("a", encoding="utf-8") as file:
            file.write("".join(lines))


def _require_header(line: str, path: Path, source: str) -> None:
    try:
        header: object = json.loads(line)
    except ValueError:
        header = None
    if header != {"schema": SCHEMA, "source": source}:
        known = "another program"
        match header:
            case {"source": str(other)}:
                known = other
            case _:
                pass
        raise RequestFault(
            f"{path} holds results of {known}, not of {source}.",
            kind="badRequest",
            hint="Name another folder with --out, or remove that file.",
        )


def _run(line: str, path: Path) -> Run:
    try:
        return run_from_json(json.loads(line))
    except ValueError as error:
        raise RequestFault(
            f"{path} holds a line that is no result of this version.",
            kind="badRequest",
            hint="Name another folder with --out, or remove that file.",
        ) from error
