"""Tells the editor what has changed: hints, lenses, messages, snapshots."""

from functools import partial

from lsprotocol import types

from orps_server.diagnostics import diagnostics
from orps_server.lsp_ext import SEARCH_DID_CHANGE, TREE_DID_CHANGE
from orps_server.open_files import Document
from orps_server.pacing import follow
from orps_server.profile import Profile
from orps_server.protocol import OrpsProtocol
from orps_server.searches import Search
from orps_server.settings import Settings
from orps_server.snapshot import search_snapshot
from orps_server.to_proto import fault_text
from orps_server.tree_feed import TreeFeed
from orps_server.wording import account, summary

HINT_SECONDS = 1.0
"""Editors fetch code actions and lenses again after each hint."""
SNAPSHOT_SECONDS = 0.2


class Announcer:
    """What was last said about each document, so that it is not said twice."""

    def __init__(self, *, protocol: OrpsProtocol, profile: Profile) -> None:
        self._protocol = protocol
        self._profile = profile
        self._said: dict[str, tuple[int | None, list[types.Diagnostic]]] = {}

    def publish_hints(
        self, document: Document, searches: tuple[Search, ...], settings: Settings
    ) -> None:
        """Show the state of a document's searches, unless this is what it shows.

        A new version gets its hints again: Helix and Neovim drop those of an old one.
        """
        found: list[types.Diagnostic] = []
        if settings.diagnostics:
            found = diagnostics(document, self._profile.encoding, searches)
        before = self._said.get(document.uri)
        if before == (document.version, found) or not (found or before):
            return
        self._said[document.uri] = (document.version, found)
        self._protocol.notify(
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
            types.PublishDiagnosticsParams(
                uri=document.uri, version=document.version, diagnostics=found
            ),
        )

    def withdraw_hints(self, uri: str) -> None:
        """A closed document shows nothing."""
        if self._said.pop(uri, None):
            self._protocol.notify(
                types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
                types.PublishDiagnosticsParams(uri=uri, diagnostics=[]),
            )

    def refresh_views(self, *, inlay_hints: bool) -> None:
        """`inlay_hints`: whether any are shown; most people have none."""
        if self._profile.lens_refresh:
            self._protocol.send_request(types.WORKSPACE_CODE_LENS_REFRESH)
        if inlay_hints and self._profile.hint_refresh:
            self._protocol.send_request(types.WORKSPACE_INLAY_HINT_REFRESH)

    async def send_snapshots(self, search: Search) -> None:
        await follow(search, partial(self.snapshot, search), seconds=SNAPSHOT_SECONDS)

    async def send_tree(self, search: Search) -> None:
        feed = TreeFeed()

        def send() -> None:
            news = feed.news(search)
            if news is not None:
                self._protocol.notify(TREE_DID_CHANGE, news)

        await follow(search, send, seconds=SNAPSHOT_SECONDS)

    def snapshot(self, search: Search) -> None:
        self._protocol.notify(SEARCH_DID_CHANGE, search_snapshot(search))

    def restored(self, search: Search) -> None:
        """Of an earlier server, so that nobody watches it."""
        if self._profile.custom_messages:
            self.snapshot(search)

    def tell_end(self, search: Search) -> None:
        """Say why a search failed; and how it went, where progress is not shown."""
        progress = search.progress
        if progress.fault:
            # A bound that people have set does what it should.
            is_bound = progress.fault.kind == "budget"
            kind = types.MessageType.Warning if is_bound else types.MessageType.Error
            self.message(kind, fault_text(progress.fault))
        elif not self._profile.work_done_progress:
            self.message(types.MessageType.Info, _line(search))

    async def trace(self, search: Search) -> None:
        """Tell each change where the client wants to see what the server does."""
        said = ""

        def send() -> None:
            nonlocal said
            level = self._protocol.trace
            if level is types.TraceValue.Off or (line := _line(search)) == said:
                return
            said = line
            is_verbose = level is types.TraceValue.Verbose
            verbose = account(search.progress) if is_verbose else None
            self._protocol.notify(
                types.LOG_TRACE, types.LogTraceParams(message=line, verbose=verbose)
            )

        await follow(search, send, seconds=SNAPSHOT_SECONDS)

    def message(self, kind: types.MessageType, text: str) -> None:
        self._protocol.notify(
            types.WINDOW_SHOW_MESSAGE,
            types.ShowMessageParams(type=kind, message=text),
        )

    def log(self, text: str) -> None:
        """One line for the editor's own log of this server."""
        self._protocol.notify(
            types.WINDOW_LOG_MESSAGE,
            types.LogMessageParams(type=types.MessageType.Info, message=text),
        )


def _line(search: Search) -> str:
    return f"ORPS {search.key.qualname}(): {summary(search.progress)}"
