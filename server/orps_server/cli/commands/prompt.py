"""`orps-lsp prompt`: exactly what would be sent for a first draft; sends nothing."""

import argparse
import os
from dataclasses import dataclass
from typing import Self

from anyio import to_thread

from orps_server.cli.options import (
    Targeted,
    add_search,
    add_target,
    overrides,
    target_name,
    test_names,
)
from orps_server.cli.requests import request_of, settings_for
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.engine import require_shown
from orps_server.preparation import prepare, with_pieces
from orps_server.preview import preview, preview_text
from orps_server.workspace import folder_root


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt(Targeted):
    @classmethod
    def declare(cls, parser: argparse.ArgumentParser) -> None:
        add_target(parser)
        add_search(parser)

    @classmethod
    def read(cls, known: argparse.Namespace) -> Self:
        return cls(
            overrides=overrides(known),
            target=target_name(known.target),
            tests=test_names(known),
        )

    async def run(self) -> ExitStatus:
        request = request_of(self.target, self.tests)
        settings = settings_for(folder_root(request.file.parent), self.overrides)
        preparation = await to_thread.run_sync(prepare, request, settings, os.environ)
        require_shown(preparation, settings)
        preparation = await with_pieces(preparation, settings)
        write_result(preview_text(preview(preparation, settings)))
        return ExitStatus.SOLVED


COMMAND = Prompt
