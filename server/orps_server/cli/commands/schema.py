"""`orps-lsp schema`: the settings, for editors, documents and package.json."""

import argparse
import json
from dataclasses import dataclass
from typing import Self

from orps_server.cli.command import Command
from orps_server.cli.options import add_logging, overrides
from orps_server.cli.status import ExitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema(Command):
    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_logging(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(overrides=overrides(known))

    async def run(self) -> ExitStatus:
        from orps_server.cli.streams import write_result  # noqa: PLC0415
        from orps_server.settings_schema import settings_schema  # noqa: PLC0415

        write_result(json.dumps(settings_schema(), indent=2) + "\n")
        return ExitStatus.SOLVED


COMMAND = Schema
