"""Documents that only this server has: candidates in place, reports, prompts.

Their URIs name what they show, so the editor may ask again at any time:

    orps:/candidate/SEARCH/CANDIDATE/shapes.py   the file with the candidate in place
    orps:/report/SEARCH/area.md                  the ranking
    orps:/prompt/NUMBER/area.md                  what would be sent to a model

The last part is for people and for the editor's choice of colors.
"""

import itertools
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from orps_search.candidate import Candidate
from orps_search.source.splice import apply_edits
from orps_server.lsp_ext import SCHEME
from orps_server.report import search_report
from orps_server.searches import Search
from orps_server.staleness import Stale, replacement

MAX_PROMPTS = 8
"""Prompts that are kept for editors that ask again."""

Kind = Literal["candidate", "report", "prompt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualDocument:
    """What a URI of ours names."""

    kind: Kind
    names: tuple[str, ...]
    """Search and candidate; search; number of the prompt."""
    title: str

    @property
    def uri(self) -> str:
        parts = (self.kind, *self.names, self.title)
        return f"{SCHEME}:/" + "/".join(quote(part, safe="") for part in parts)

    @property
    def file_name(self) -> str:
        """For editors that need a file: unique, with the ending of the title."""
        return "-".join((self.kind, *self.names, self.title)).replace("/", "-")


def candidate_document(search: Search, candidate: Candidate) -> VirtualDocument:
    return VirtualDocument(
        kind="candidate", names=(search.id, candidate.id), title=search.key.path.name
    )


def report_document(search: Search) -> VirtualDocument:
    return VirtualDocument(
        kind="report", names=(search.id,), title=f"{search.key.qualname}.md"
    )


def read_uri(uri: str) -> VirtualDocument | None:
    """`None` for a URI that no document of ours ever had."""
    parts = urlsplit(uri)
    names = tuple(unquote(part) for part in parts.path.strip("/").split("/"))
    if parts.scheme != SCHEME:
        return None
    match names:
        case ("candidate", search, candidate, title):
            return VirtualDocument(
                kind="candidate", names=(search, candidate), title=title
            )
        case ("report", search, title):
            return VirtualDocument(kind="report", names=(search,), title=title)
        case ("prompt", number, title):
            return VirtualDocument(kind="prompt", names=(number,), title=title)
        case _:
            return None


def candidate_text(search: Search, candidate: Candidate, text: str | None) -> str:
    """The file as it would be with the candidate; its code alone where it has no place."""
    placed = None if text is None else replacement(search, candidate, text)
    if placed is None:
        return candidate.code
    assert text is not None
    if isinstance(placed, Stale):
        return f"# Not in its place: {placed.reason}.\n\n{candidate.code}"
    return apply_edits(text, placed.edits)


def report_text(search: Search) -> str:
    return search_report(search)


class Prompts:
    """The last few prompts that somebody wanted to read."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._texts: OrderedDict[str, str] = OrderedDict()

    def add(self, text: str, *, title: str) -> VirtualDocument:
        number = str(next(self._numbers))
        self._texts[number] = text
        while len(self._texts) > MAX_PROMPTS:
            self._texts.popitem(last=False)
        return VirtualDocument(kind="prompt", names=(number,), title=f"{title}.md")

    def text(self, document: VirtualDocument) -> str | None:
        return self._texts.get(document.names[0])
