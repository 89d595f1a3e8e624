"""`orps-lsp [--stdio]`: the language server."""

import os

from orps_server.cli.arguments import Serve
from orps_server.cli.streams import tell
from orps_server.server import serve
from orps_server.settings import settings_from_json
from orps_server.settings_layers import layered_settings


def serve_stdio(command: Serve) -> int:
    """Serve until the editor leaves; what is wrong in a settings file goes to stderr."""
    layers, complaints = layered_settings(None, os.environ)
    settings, more = settings_from_json(command.overrides, base=layers)
    for complaint in (*complaints, *more):
        tell(f"settings: {complaint}")
    return serve(settings)
