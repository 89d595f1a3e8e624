"""`orps-lsp schema`: the settings, for editors, documents and package.json."""

import json

from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import write_result
from orps_server.settings_schema import settings_schema


def print_schema() -> ExitStatus:
    write_result(json.dumps(settings_schema(), indent=2) + "\n")
    return ExitStatus.SOLVED
