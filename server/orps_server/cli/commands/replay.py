"""`orps-lsp replay`: what each policy would have made of the same recorded samples."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self, cast

from orps_search.journal.replay import Replay as Played
from orps_search.journal.replay import replay as play
from orps_search.policies import POLICIES
from orps_server.cli.command import Command
from orps_server.cli.options import add_json, add_logging, add_search_id, usage_fault
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.store.store import SearchStore

SCHEMA = "orps.replay/1"
_HEAD = ("policy", "best", "calls", "to first pass", "not recorded", "stopped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay(Command):
    search_id: str
    policies: tuple[str, ...]
    as_json: bool

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_search_id(parser)
        parser.add_argument(
            "--policy",
            action="append",
            default=[],
            metavar="NAME",
            help=f"may be repeated; default: all ({', '.join(POLICIES)})",
        )
        add_json(parser)
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        named = tuple(cast("list[str]", known.policy))
        for name in named:
            if name not in POLICIES:
                raise usage_fault(f"there is no policy {name!r}")
        return cls(
            overrides={},
            search_id=known.search_id,
            policies=named or tuple(POLICIES),
            as_json=known.json,
        )

    async def run(self) -> ExitStatus:
        store = SearchStore(warn=tell)
        try:
            stored = await store.load(self.search_id)
        finally:
            store.close()
        state = stored.state()
        played = [
            play(state, replace(state.config, policy=name)) for name in self.policies
        ]
        if self.as_json:
            document = {
                "schema": SCHEMA,
                "search_id": state.search_id,
                "policies": [_entry(each) for each in played],
            }
            write_result(json.dumps(document, indent=2) + "\n")
        else:
            write_result(_table([_HEAD, *map(_row, played)]))
        return ExitStatus.SOLVED


def _entry(played: Played) -> dict[str, object]:
    best = next(iter(played.ranking), None)
    return {
        "policy": played.policy,
        "passed": best.outcome.n_passed if best else 0,
        "total": best.outcome.n_total if best else 0,
        "best_code": best.code if best else None,
        "calls": played.n_calls,
        "calls_to_first_passing": played.calls_to_first_passing,
        "unrecorded": played.n_unrecorded,
        "stop_reason": played.stop_reason.value if played.stop_reason else None,
    }


def _row(played: Played) -> tuple[str, ...]:
    entry = _entry(played)
    first = entry["calls_to_first_passing"]
    return (
        played.policy,
        f"{entry['passed']}/{entry['total']}",
        str(played.n_calls),
        "-" if first is None else str(first),
        str(played.n_unrecorded),
        str(entry["stop_reason"] or "wants more"),
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


COMMAND = Replay
