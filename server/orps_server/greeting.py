"""The answer to `initialize`: what this server can do, for what a client can do.

Plain JSON and nothing heavy: it is said before most of the server has been loaded.
"""

from collections.abc import Mapping
from typing import Any, cast

from orps_server import __version__
from orps_server.lsp_ext import ACTION_KIND, PROTOCOL_VERSION, SCHEME, CommandName

Json = dict[str, Any]

ENCODINGS = ("utf-8", "utf-16", "utf-32")
_INCREMENTAL = 2


def initialize_result(client: Mapping[str, Any]) -> Json:
    """`InitializeResult` for a client's `capabilities`."""
    return {
        "capabilities": server_capabilities(client),
        "serverInfo": {"name": "orps-lsp", "version": __version__},
    }


def server_capabilities(client: Mapping[str, Any]) -> Json:
    """What was not declared is not offered; standard features always are."""
    capabilities: Json = {
        "positionEncoding": position_encoding(client),
        "textDocumentSync": {
            "openClose": True,
            "change": _INCREMENTAL,
            "save": {"includeText": False},
        },
        "hoverProvider": True,
        "codeActionProvider": code_action_options(client),
        "codeLensProvider": {"resolveProvider": False},
        "inlayHintProvider": {"resolveProvider": False},
        "executeCommandProvider": {"commands": [name.value for name in CommandName]},
        "workspace": {
            "workspaceFolders": {"supported": True, "changeNotifications": True},
        },
        "experimental": {"orps": {"protocol": PROTOCOL_VERSION}},
    }
    if declared(client, "textDocument", "inlineCompletion") is not None:
        capabilities["inlineCompletionProvider"] = {}
    if declared(client, "workspace", "textDocumentContent") is not None:
        capabilities["workspace"]["textDocumentContent"] = {"schemes": [SCHEME]}
    if declared(client, "workspace", "fileOperations", "didRename"):
        files = {"scheme": "file", "pattern": {"glob": "**/*.py"}}
        capabilities["workspace"]["fileOperations"] = {
            "didRename": {"filters": [files]}
        }
    return capabilities


def code_action_options(client: Mapping[str, Any]) -> Json:
    """With a way to read about our actions where the client has one of its own."""
    options: Json = {"codeActionKinds": [ACTION_KIND], "resolveProvider": True}
    command = declared(client, "experimental", "orps", "documentation")
    shows = declared(client, "textDocument", "codeAction", "documentationSupport")
    if shows and isinstance(command, str):
        about: Json = {"title": "About ORPS candidates", "command": command}
        options["documentation"] = [{"kind": ACTION_KIND, "command": about}]
    return options


def position_encoding(client: Mapping[str, Any]) -> str:
    """The client's first choice that there is."""
    offered = declared(client, "general", "positionEncodings")
    if isinstance(offered, list | tuple):
        for name in cast("list[object]", offered):
            if name in ENCODINGS:
                return str(name)
    return "utf-16"


def declared(capabilities: object, *path: str) -> object:
    """What stands at a path; `None` where nothing does."""
    for name in path:
        if not isinstance(capabilities, Mapping):
            return None
        capabilities = cast("Mapping[str, object]", capabilities).get(name)
    return capabilities
