"""`orps-lsp doctor --corpus DIR`: hostile programs, a row each."""

import json
import os
from contextlib import aclosing
from functools import partial
from pathlib import Path

from orps_server.cli.interruption import until_interrupted
from orps_server.cli.requests import settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.corpus import Row, run_corpus
from orps_server.interpreter import find_interpreter
from orps_server.isolation import isolation_of
from orps_server.wording import shortened
from orps_server.workspace import folder_root

SCHEMA = "orps.corpus/1"
_DETAIL_CHARACTERS = 200
_HEADING = (
    f"{'':<7} {'program':<28} {'expected':<28} {'got':<8} {'ms':>6}  side effects\n"
)


async def corpus(
    folder: Path, overrides: dict[str, object], *, as_json: bool
) -> ExitStatus:
    """Run them; `SOLVED` only if each ended as expected and left no trace."""
    rows = await until_interrupted(partial(_rows, folder, overrides, as_json=as_json))
    if rows is None:
        return ExitStatus.INTERRUPTED
    n_ok = sum(row.is_ok for row in rows)
    if as_json:
        write_result(json.dumps(corpus_document(rows), indent=2) + "\n")
    else:
        tier = rows[0].tier.value
        write_result(f"{n_ok} of {len(rows)} programs as expected in tier {tier}\n")
    return ExitStatus.SOLVED if n_ok == len(rows) else ExitStatus.FAULT


async def _rows(
    folder: Path, overrides: dict[str, object], *, as_json: bool
) -> list[Row]:
    root = folder_root(Path.cwd())
    settings = settings_for(root, overrides)
    interpreter = find_interpreter(root, settings.interpreter, os.environ)
    rows: list[Row] = []
    run = run_corpus(folder, interpreter.path, tier=isolation_of(settings, root).tier)
    async with aclosing(run) as results:
        async for row in results:
            if not (rows or as_json):
                write_result(_HEADING)
            rows.append(row)
            if not as_json:
                write_result(row_text(row))
    return rows


def row_text(row: Row) -> str:
    mark = "ok" if row.is_ok else "problem"
    expected = "|".join(row.expected)
    effects = "; ".join(row.side_effects) or "none"
    if not row.is_ok and row.detail:
        effects += f" ({shortened(row.detail, _DETAIL_CHARACTERS)})"
    return (
        f"{mark:<7} {row.name:<28} {expected:<28} {row.got:<8} "
        f"{row.milliseconds:>6.0f}  {effects}\n"
    )


def corpus_document(rows: list[Row]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "tier": rows[0].tier.value,
        "as_expected": all(row.is_ok for row in rows),
        "programs": [
            {
                "name": row.name,
                "expected": list(row.expected),
                "got": row.got,
                "ok": row.is_ok,
                "side_effects": list(row.side_effects),
                "milliseconds": round(row.milliseconds, 1),
                "detail": shortened(row.detail, _DETAIL_CHARACTERS),
            }
            for row in rows
        ],
    }
