"""The state of a search behind the name of its function; for editors without lenses."""

from collections.abc import Callable

from lsprotocol import types

from orps_search.source.target import Target
from orps_search.verdicts import passes
from orps_server.open_files import Document
from orps_server.positions import Encoding
from orps_server.searches import Search, State
from orps_server.staleness import Stale, present_target
from orps_server.targets import targets_in
from orps_server.to_proto import text_range
from orps_server.wording import done_of


def inlay_hints(
    document: Document,
    encoding: Encoding,
    lines: range,
    search_of: Callable[[Target], Search | None],
) -> list[types.InlayHint]:
    """One for each searched function whose name stands in `lines`."""
    found: list[types.InlayHint] = []
    for target in targets_in(document.text):
        search = search_of(target)
        label = _label(search, document.text) if search else None
        span = text_range(
            document.text, encoding, start=target.name_start, end=target.name_end
        )
        if label and span.end.line in lines:
            found.append(
                types.InlayHint(
                    position=span.end,
                    label=label,
                    padding_left=True,
                    padding_right=True,
                )
            )
    return found


def _label(search: Search, text: str) -> str | None:
    if isinstance(present_target(search, text), Stale):
        return "ORPS: stale"
    best = search.best
    verdict = passes(best.outcome) if best else ""
    if search.progress.state is State.RUNNING:
        said = ", ".join(filter(None, (done_of(search.progress), verdict)))
        return f"ORPS: searching{f', {said}' if said else ''}"
    if search.progress.state is State.FAILED:
        return "ORPS: failed"
    return f"ORPS: {verdict}" if verdict else None
