"""The texts that count: what is open in the editor, else what is on the disk."""

from dataclasses import dataclass
from pathlib import Path

from orps_server.errors import RequestFault
from orps_server.from_proto import file_path
from orps_server.protocol import OrpsProtocol
from orps_server.source_file import read_source

_DECLARATIONS = ".pyi"
"""Every body in such a file is `...`, and none of them is a stub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one file."""

    uri: str
    """As the client spells it."""
    path: Path
    text: str
    version: int | None
    """`None` for a file that is not open. Zero is a version like any other."""


class OpenFiles:
    def __init__(self, protocol: OrpsProtocol) -> None:
        self._protocol = protocol

    def open_document(self, uri: str) -> Document | None:
        """The open file behind the URI; none if closed, virtual, or of declarations."""
        path = file_path(uri)
        known = self._protocol.workspace.get_text_document(uri)
        # pygls makes up a document without a version for whatever is not open.
        if path is None or path.suffix == _DECLARATIONS or known.version is None:
            return None
        return Document(
            uri=known.uri, path=path, text=known.source, version=known.version
        )

    def read(self, uri: str, path: Path) -> Document:
        """The file, open or not; raises `RequestFault` when nothing can be done in it."""
        if path.suffix == _DECLARATIONS:
            raise RequestFault(
                f"{path.name} declares functions, and its bodies are to stay empty.",
                kind="noStub",
                hint="Open the module itself.",
            )
        opened = self.open_document(uri)
        if opened:
            return opened
        return Document(uri=uri, path=path, text=read_source(path).text, version=None)

    def buffers(self) -> dict[Path, str]:
        """All open files; what the tests see in place of the disk."""
        known = self._protocol.workspace.text_documents.values()
        opened = (self.open_document(document.uri) for document in known)
        return {document.path: document.text for document in opened if document}
