"""One short function for each LSP method: convert in, call, convert out.

Plain functions run on the loop and must not wait. Their first parameter is called `ls`
because pygls looks for that name.
"""

from orps_server.handlers import commands, custom, documents, features, lifecycle
from orps_server.language_server import OrpsLanguageServer


def register(server: OrpsLanguageServer) -> None:
    for group in (lifecycle, documents, features, commands, custom):
        group.register(server)
