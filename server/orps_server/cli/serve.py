"""`orps-lsp [--stdio]`: the language server."""

import os

from orps_server.cli.arguments import Serve
from orps_server.doorman import Kept
from orps_server.logs import configure_logging
from orps_server.server import serve
from orps_server.session_keys import SessionKeys
from orps_server.settings import settings_from_json
from orps_server.settings_layers import layered_settings


def serve_stdio(command: Serve, kept: Kept | None = None) -> int:
    """Serve until the editor leaves, who is told what is wrong in a settings file."""
    layers, complaints = layered_settings(None, os.environ)
    settings, more = settings_from_json(command.overrides, base=layers)
    keys = SessionKeys()
    configure_logging(settings.log, lambda: keys.environment)
    return serve(settings, complaints=(*complaints, *more), keys=keys, kept=kept)
