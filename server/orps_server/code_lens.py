"""One line above each stub, there from the first parse on so that lines never jump."""

from collections.abc import Callable, Iterator

from lsprotocol import types

from orps_search.source.target import Target
from orps_search.verdicts import passes
from orps_server.lsp_ext import CommandName
from orps_server.open_files import Document
from orps_server.positions import Encoding
from orps_server.searches import Search
from orps_server.staleness import Stale, present_target
from orps_server.targets import targets_in
from orps_server.to_proto import text_range
from orps_server.wording import summary


def code_lenses(
    document: Document,
    encoding: Encoding,
    search_of: Callable[[Target], Search | None],
) -> list[types.CodeLens]:
    """Lenses of stubs, and of functions for which a search runs or has run."""
    return [
        types.CodeLens(range=_range(document, encoding, target), command=command)
        for target in targets_in(document.text)
        for command in _commands(document, target, search_of(target))
    ]


def _commands(
    document: Document, target: Target, search: Search | None
) -> Iterator[types.Command]:
    if search and search.is_running:
        title = f"ORPS: {summary(search.progress)} | Stop"
        yield _command(title, CommandName.CANCEL, {"searchId": search.id})
    elif target.is_stub:
        title = "Generate again with ORPS" if search else "Generate with ORPS"
        arguments = {"uri": document.uri, "name": target.qualname}
        yield _command(title, CommandName.GENERATE, arguments)
    if search and search.best and target.is_stub and _fits(search, document):
        title = f"Apply ORPS #1 ({passes(search.best.outcome)})"
        arguments = {"searchId": search.id, "candidateId": search.best.id}
        yield _command(title, CommandName.APPLY, arguments)
        yield _command("Preview", CommandName.PREVIEW, arguments)
        n_more = len(search.offered) - 1
        if n_more:
            report = {"searchId": search.id}
            yield _command(f"{n_more} more", CommandName.REPORT, report)


def _fits(search: Search, document: Document) -> bool:
    return not isinstance(present_target(search, document.text), Stale)


def _range(document: Document, encoding: Encoding, target: Target) -> types.Range:
    return text_range(
        document.text, encoding, start=target.name_start, end=target.name_end
    )


def _command(title: str, name: CommandName, arguments: object) -> types.Command:
    return types.Command(title=title, command=name.value, arguments=[arguments])
