"""`orps-lsp doctor`: the checks as lines or as one JSON document."""

import argparse
import json
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

from orps_server.cli.command import Command
from orps_server.cli.corpus import corpus
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import (
    add_endpoint,
    add_execution,
    add_json,
    add_logging,
    overrides,
)
from orps_server.cli.requests import settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.doctor import Check, examine
from orps_server.workspace import folder_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor(Command):
    as_json: bool
    corpus: Path | None = None
    """A folder of hostile programs to run instead of the checks."""

    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_json(parser)
        parser.add_argument(
            "--corpus",
            metavar="DIR",
            type=Path,
            help="run the hostile programs in DIR instead, and compare "
            "(docs/sandbox.md)",
        )
        add_execution(parser)
        add_endpoint(parser)
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(overrides=overrides(known), as_json=known.json, corpus=known.corpus)

    async def run(self) -> ExitStatus:
        return await doctor(self)


SCHEMA = "orps.doctor/1"


async def doctor(command: Doctor) -> ExitStatus:
    if command.corpus is not None:
        return await corpus(command.corpus, command.overrides, as_json=command.as_json)
    checks = await until_interrupted(partial(_checks, command))
    if checks is None:
        return ExitStatus.INTERRUPTED
    if command.as_json:
        write_result(json.dumps(checks_document(checks), indent=2) + "\n")
    healthy = all(check.is_ok for check in checks)
    return ExitStatus.SOLVED if healthy else ExitStatus.FAULT


async def _checks(command: Doctor) -> list[Check]:
    root = folder_root(Path.cwd())
    settings = settings_for(root, command.overrides)
    checks: list[Check] = []
    async with aclosing(examine(root, settings)) as examination:
        async for check in examination:
            checks.append(check)
            if not command.as_json:
                write_result(check_text(check))
    return checks


def check_text(check: Check) -> str:
    mark = "ok     " if check.is_ok else "problem"
    lines = [f"{mark} {check.name:<12} {check.finding}"]
    lines += [f"{' ' * 21}{line}".rstrip() for line in check.remedy.splitlines()]
    return "\n".join(lines) + "\n"


def checks_document(checks: list[Check]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "healthy": all(check.is_ok for check in checks),
        "checks": [
            {
                "name": check.name,
                "ok": check.is_ok,
                "finding": check.finding,
                "remedy": check.remedy,
            }
            for check in checks
        ],
    }


COMMAND = Doctor
