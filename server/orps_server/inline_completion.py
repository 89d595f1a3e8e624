"""Stored candidates as ghost text: only such as pass every test for sure, only on a stub.

Asking never starts a search. What an editor can show between two keystrokes is the
replacement of one line, so a candidate that needs an import has no place here.
"""

from lsprotocol import types

from orps_search.source.edits import Edit
from orps_search.source.target import Target
from orps_server.open_files import Document
from orps_server.positions import Encoding, line_index
from orps_server.searches import Search
from orps_server.staleness import Stale, replacement
from orps_server.to_proto import text_range


def inline_completions(
    document: Document,
    encoding: Encoding,
    *,
    offset: int,
    target: Target,
    search: Search,
) -> list[types.InlineCompletionItem]:
    """What would replace the line of the stub that the cursor is on."""
    if not target.is_stub or search.progress.outdated:
        return []
    found: list[types.InlineCompletionItem] = []
    for candidate in search.offered:
        if not candidate.outcome.may_be_applied:
            continue
        placed = replacement(search, candidate, document.text)
        if isinstance(placed, Stale) or len(placed.edits) != 1:
            continue
        edit = on_one_line(placed.edits[0], document.text)
        if edit is None or not _is_on_line(document, encoding, edit, offset):
            continue
        found.append(
            types.InlineCompletionItem(
                insert_text=edit.text,
                filter_text=document.text[edit.start : edit.end],
                range=text_range(
                    document.text, encoding, start=edit.start, end=edit.end
                ),
            )
        )
    return found


def on_one_line(edit: Edit, text: str) -> Edit | None:
    """The same change within one line of the text, if it is one.

    The replacement of a body begins after the header's colon, so what both texts
    have in common at either end is left alone.
    """
    old, new = text[edit.start : edit.end], edit.text
    common = 0
    for before, after in zip(old, new, strict=False):
        # Never within the words of the body: ghost text replaces whole statements.
        if before != after or not before.isspace():
            break
        common += 1
    start, old, new = edit.start + common, old[common:], new[common:]
    if any(end in old for end in "\r\n") or not old.strip():
        return None
    return Edit(start=start, end=edit.end, text=new)


def _is_on_line(
    document: Document, encoding: Encoding, edit: Edit, offset: int
) -> bool:
    index = line_index(document.text, encoding)
    return index.place(offset).line == index.place(edit.start).line
