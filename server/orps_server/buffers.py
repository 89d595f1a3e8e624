"""Open documents, kept exactly as the editor has them.

pygls finds lines with `str.splitlines`, so a form feed or U+2028 in a file would shift
each later edit and corrupt the buffer; these classes count lines as LSP does.
"""

from lsprotocol import types
from pygls.workspace import TextDocument, Workspace

from orps_server.positions import Encoding, Place, line_index


class ExactDocument(TextDocument):
    """A text document whose incremental changes land where LSP says."""

    def _apply_incremental_change(
        self, change: types.TextDocumentContentChangePartial
    ) -> None:
        encoding = Encoding(self.position_codec.encoding or Encoding.UTF16)
        index = line_index(self.source, encoding)
        start = index.offset(_place(change.range.start))
        end = index.offset(_place(change.range.end))
        self._source = self.source[:start] + change.text + self.source[end:]


class ExactWorkspace(Workspace):
    def _create_text_document(
        self,
        doc_uri: str,
        source: str | None = None,
        version: int | None = None,
        language_id: str | None = None,
    ) -> TextDocument:
        return ExactDocument(
            doc_uri,
            source=source,
            version=version,
            language_id=language_id,
            sync_kind=self._sync_kind,
            position_codec=self._position_codec,
        )


def _place(position: types.Position) -> Place:
    return Place(line=position.line, character=position.character)
