"""The state of each search as a hint on its function.

A published diagnostic is also the only standard sign that the code actions of a
place have changed: editors ask for them again when one appears.
"""

from collections.abc import Iterable

from lsprotocol import types

from orps_server.lsp_ext import DIAGNOSTIC_SOURCE
from orps_server.open_files import Document
from orps_server.positions import Encoding
from orps_server.searches import Search, State
from orps_server.staleness import Stale, present_target
from orps_server.targets import targets_in
from orps_server.to_proto import text_range
from orps_server.wording import summary


def diagnostics(
    document: Document, encoding: Encoding, searches: Iterable[Search]
) -> list[types.Diagnostic]:
    hints = (_hint(document, encoding, search) for search in searches)
    return [hint for hint in hints if hint]


def _hint(
    document: Document, encoding: Encoding, search: Search
) -> types.Diagnostic | None:
    targets = targets_in(document.text)
    target = next((t for t in targets if t.qualname == search.key.qualname), None)
    if target is None or target.source in search.accepted:
        return None
    said = _say(search, present_target(search, document.text))
    if said is None:
        return None
    code, message = said
    return types.Diagnostic(
        range=text_range(
            document.text, encoding, start=target.name_start, end=target.name_end
        ),
        message=f"ORPS: {message}",
        severity=types.DiagnosticSeverity.Hint,
        source=DIAGNOSTIC_SOURCE,
        code=code,
    )


def _say(search: Search, present: object) -> tuple[str, str] | None:
    """Code and message; nothing about a search that was stopped empty-handed."""
    progress = search.progress
    if search.is_running:
        return "running", summary(progress)
    if progress.state is State.FAILED:
        return "failed", summary(progress)
    if not progress.ranking:
        return (
            None if progress.state is State.CANCELLED else ("failed", summary(progress))
        )
    if isinstance(present, Stale):
        return "stale", present.reason
    return "candidate", summary(progress)
