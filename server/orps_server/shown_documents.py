"""Shows a document of ours: as a virtual one, else as a file, else by its path.

| the editor declares                | it is shown                                  |
|------------------------------------|----------------------------------------------|
| `textDocumentContent`, `showDocument` | `orps:` URI, read-only, asked from us      |
| `showDocument`                     | read-only file in the user's cache folder    |
| neither                            | the same file, its path told in a message    |
"""

import os
import stat
from pathlib import Path

from lsprotocol import types

from orps_server.profile import Profile
from orps_server.protocol import OrpsProtocol
from orps_server.virtual_documents import VirtualDocument

MAX_FILES = 50
"""Of previews in the cache folder; the oldest go first."""


class ShownDocuments:
    """Which documents of ours an editor may have open, so that it can be refreshed."""

    def __init__(self, *, protocol: OrpsProtocol, profile: Profile) -> None:
        self._protocol = protocol
        self._profile = profile
        self._shown: dict[str, frozenset[str]] = {}

    def show(self, document: VirtualDocument, text: str) -> str:
        """Returns the URI that the editor was told."""
        virtual = self._profile.virtual_documents and self._profile.show_document
        if virtual:
            uri = document.uri
            known = self._shown.get(document.names[0], frozenset())
            self._shown[document.names[0]] = known | {uri}
        else:
            uri = write_preview(document.file_name, text).as_uri()
        if self._profile.show_document:
            self._protocol.send_request(
                types.WINDOW_SHOW_DOCUMENT, types.ShowDocumentParams(uri=uri)
            )
        else:
            path = write_preview(document.file_name, text)
            self._protocol.notify(
                types.WINDOW_SHOW_MESSAGE,
                types.ShowMessageParams(
                    type=types.MessageType.Info, message=f"ORPS: written to {path}"
                ),
            )
        return uri

    def refresh(self, search_id: str) -> None:
        """Have what is open of a search asked for again."""
        if not self._profile.document_refresh:
            return
        for uri in sorted(self._shown.get(search_id, ())):
            self._protocol.send_request(
                types.WORKSPACE_TEXT_DOCUMENT_CONTENT_REFRESH,
                types.TextDocumentContentRefreshParams(uri=uri),
            )

    def closed(self, uri: str) -> None:
        self._shown = {
            search: uris - {uri} for search, uris in self._shown.items() if uris - {uri}
        }


def write_preview(name: str, text: str) -> Path:
    """Write a file that only its owner reads and nobody edits; an older one goes."""
    # Imported late: the language server's start should not pay for it.
    from platformdirs import user_cache_path  # noqa: PLC0415

    cache = user_cache_path("orps-lsp", appauthor=False, ensure_exists=True)
    folder = cache / "previews"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
        stream.write(text)
    _prune(folder)
    return path


def _prune(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    for file in files[:-MAX_FILES]:
        file.unlink(missing_ok=True)
