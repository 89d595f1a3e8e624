"""JSON lines from disk, plain or compressed, with the line named when one is wrong."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from orps_server.errors import RequestFault

Row = Mapping[str, object]


def read_rows(path: Path, *, what: str) -> Iterator[tuple[int, Row]]:
    """Line numbers from 1 and objects; raises `RequestFault` for anything else.

    `what` says what the file should be, for who reads the fault.
    """
    for number, line in enumerate(_lines(path, what), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise line_fault(path, number, f"it is no JSON: {error}", what) from error
        if not isinstance(row, dict):
            raise line_fault(path, number, "it is no JSON object", what)
        yield number, cast("Row", row)


def line_fault(path: Path, number: int, reason: str, what: str) -> RequestFault:
    return RequestFault(
        f"{path}, line {number}: {reason}.",
        kind="badRequest",
        hint=f"Each line of {what} is one JSON object; docs/bench.md has its fields.",
    )


def _lines(path: Path, what: str) -> list[str]:
    try:
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        return data.decode().splitlines()
    except FileNotFoundError as error:
        raise RequestFault(
            f"There is no file {path}.", kind="badRequest", hint=f"Name {what}."
        ) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise RequestFault(
            f"{path} cannot be read as {what}: {error}.",
            kind="badRequest",
            hint="It has to be JSON lines in UTF-8, plain or compressed with gzip.",
        ) from error
