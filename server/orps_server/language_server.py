"""The server of one connection: its parts, and the loop that it lives in.

What runs, runs in one task group:

    OrpsLanguageServer.run
    ├── the message loop; ends with `exit`, or when the editor hangs up
    ├── the watch over the editor's process
    ├── questions to the editor about its settings
    └── Session: one supervised task for each search

When the message loop ends, whatever the reason, the group is cancelled, and leaving
it means that nothing is running any more.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

import anyio
from anyio.abc import TaskGroup
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound, JsonRpcServerNotInitialized
from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer

from orps_server import __version__
from orps_server.announcer import HINT_SECONDS, Announcer
from orps_server.asking import EditorAsker
from orps_server.basis import take_basis
from orps_server.configuration import Configuration, Layers
from orps_server.consent.gate import Beforehand, Gate
from orps_server.consent.grants import GrantStore
from orps_server.errors import RequestFault
from orps_server.examination import Examination, OpenExaminer
from orps_server.freshness import IDLE_SECONDS, Freshness, request_of
from orps_server.from_proto import initial_settings, opted_in, says_trusted
from orps_server.journaling import Journals
from orps_server.lens_lines import LensLines
from orps_server.open_files import Document, OpenFiles
from orps_server.pacing import follow
from orps_server.parent import parent_gone
from orps_server.parsing_thread import in_parsing_thread
from orps_server.preview import Preview, preview_text
from orps_server.profile import Profile, read_profile
from orps_server.progress import report_progress
from orps_server.protocol import OrpsProtocol, converter
from orps_server.renewal import Renewal
from orps_server.restoring import stored_searches
from orps_server.searches import Search
from orps_server.server_status import ServerStatus
from orps_server.session import OpenJob, Session, Watcher
from orps_server.session_keys import SessionKeys
from orps_server.settings import Settings
from orps_server.shown_documents import ShownDocuments
from orps_server.store.store import SearchStore
from orps_server.to_proto import fault_text
from orps_server.verification import OpenBench
from orps_server.virtual_documents import Prompts
from orps_server.wording import account

logger = logging.getLogger(__name__)


class Writer(Protocol):
    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """How a server is started."""

    open_job: OpenJob
    open_bench: OpenBench
    open_examiner: OpenExaminer
    grants: GrantStore = field(default_factory=GrantStore)
    """What people agreed to before."""
    layers: Layers
    settings: Settings = field(default_factory=Settings)
    complaints: tuple[str, ...] = ()
    """About settings that were read before the editor connected; told to people."""
    check_parent_process: bool = True
    idle_seconds: float = IDLE_SECONDS
    """How long nobody types before changed tests are looked at."""
    open_store: Callable[[Callable[[str], None]], SearchStore] | None = None
    """Where searches are kept, given whom to warn; `None` forgets them."""
    keys: SessionKeys = field(default_factory=SessionKeys)
    """Shared with `open_job`, which looks the model's key up there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What exists once the editor has said what it can do."""

    profile: Profile
    announcer: Announcer
    shown: ShownDocuments
    session: Session
    gate: Gate
    freshness: Freshness
    renewal: Renewal
    examination: Examination


class OrpsLanguageServer(LanguageServer):
    protocol: OrpsProtocol  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, startup: Startup) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "orps-lsp",
            __version__,
            protocol_cls=OrpsProtocol,
            converter_factory=converter,
        )
        self.protocol.on_exit = self.stop
        self.exit_status = 0
        self.files = OpenFiles(self.protocol)
        self.configuration = Configuration(
            protocol=self.protocol,
            base=startup.settings,
            layers=startup.layers,
            complain=self._complain,
        )
        self.keys = startup.keys
        self.store: SearchStore | None = None
        """`None` where nothing is kept, and outside of `run`."""
        self.prompts = Prompts()
        self.lens_lines = LensLines()
        self._startup = startup
        self._stopped = threading.Event()
        self._tasks: TaskGroup | None = None
        self._connection: Connection | None = None
        self._status: ServerStatus | None = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise JsonRpcServerNotInitialized("Send `initialize` first.")
        return self._connection

    @property
    def tasks(self) -> TaskGroup:
        assert self._tasks is not None, "handlers run inside `run` only"
        return self._tasks

    @property
    def session(self) -> Session:
        return self.connection.session

    async def run(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Serve until the editor says `exit`, hangs up or dies."""
        self.protocol.set_writer(writer)
        with self._kept_searches():
            await self._run(reader)

    async def _run(self, reader: asyncio.StreamReader) -> None:
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            try:
                await run_async(
                    stop_event=self._stopped,
                    reader=reader,
                    protocol=self.protocol,
                    logger=logging.getLogger("pygls"),
                    error_handler=self.report_server_error,
                )
            except (asyncio.IncompleteReadError, ValueError) as error:
                logger.warning("the editor hung up in mid-message: %s", error)
            tasks.cancel_scope.cancel()

    @contextmanager
    def _kept_searches(self) -> Generator[None]:
        if self._startup.open_store is None:
            yield
            return
        loop = asyncio.get_running_loop()

        def warn(text: str) -> None:
            """From the store's thread, which may outlive the loop by a moment."""
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._complain, f"ORPS: {text}")

        self.store = self._startup.open_store(warn)
        try:
            yield
        finally:
            self.store.close()

    def stop(self, exit_status: int) -> None:
        """Leave the message loop after the message that is being handled."""
        self.exit_status = exit_status
        self._stopped.set()

    def connect(self, params: types.InitializeParams) -> None:
        """Take note of what the editor can do and how it wants things."""
        options = params.initialization_options
        profile = read_profile(params.capabilities, opted_in=opted_in(options))
        announcer = Announcer(protocol=self.protocol, profile=profile)
        if params.trace is not None:
            self.protocol.trace = params.trace
        watchers: list[Watcher] = [self._announce, self._take_basis, announcer.trace]
        if profile.work_done_progress:
            watchers.append(partial(report_progress, self.protocol))
        if profile.server_status or profile.custom_messages:
            self._status = ServerStatus(self.protocol)
        if profile.custom_messages:
            watchers.append(announcer.send_snapshots)
        if profile.trees:
            watchers.append(announcer.send_tree)
        session = Session(
            tasks=self.tasks,
            open_job=self._startup.open_job,
            watchers=watchers,
            journals=Journals(self.store),
        )
        shown = ShownDocuments(protocol=self.protocol, profile=profile)
        gate = Gate(
            asker=EditorAsker(
                protocol=self.protocol,
                profile=profile,
                show=partial(self._show_prompt, shown),
            ),
            grants=self._startup.grants,
            beforehand=Beforehand(
                trusted=says_trusted(options), has_own_trust=profile.own_trust
            ),
        )
        renewal = Renewal(
            session=session,
            files=self.files,
            configuration=self.configuration,
            open_bench=self._startup.open_bench,
            gate=gate,
            changed=self.tell,
            complain=self._complain_of,
        )
        self._connection = Connection(
            profile=profile,
            announcer=announcer,
            shown=shown,
            session=session,
            gate=gate,
            freshness=Freshness(
                session=session,
                buffers=self.files.buffers,
                changed=self.tell,
                renew=renewal.by_itself,
                idle_seconds=self._startup.idle_seconds,
            ),
            renewal=renewal,
            examination=Examination(
                session=session,
                files=self.files,
                configuration=self.configuration,
                open_examiner=self._startup.open_examiner,
                changed=self.tell,
            ),
        )
        self.tasks.start_soon(self.connection.freshness.watch)
        self.configuration.begin(initial_settings(options), self._startup.complaints)
        if self._startup.check_parent_process and params.process_id is not None:
            self.tasks.start_soon(self._leave_with, params.process_id)

    def _show_prompt(self, shown: ShownDocuments, found: Preview) -> None:
        text = preview_text(found)
        shown.show(self.prompts.add(text, title="consent"), text)

    def text_changed(self, uri: str) -> None:
        document = self.files.open_document(uri)
        if document:
            self.refresh_hints(document)
            self.connection.freshness.touch(document.path)

    def text_opened(self, uri: str) -> None:
        """What was found for the file before is there again."""
        self.text_changed(uri)
        document = self.files.open_document(uri)
        if document and self.store:
            self.tasks.start_soon(self._restore, self.store, document)

    def text_closed(self, uri: str) -> None:
        self.connection.announcer.withdraw_hints(uri)
        self.connection.shown.closed(uri)
        self.lens_lines.forget(uri)

    def disk_changed(self) -> None:
        """Files changed that the editor may not have open."""
        self.configuration.look_again()
        self.connection.freshness.touch(None)

    def tell(self, search: Search) -> None:
        """Like `show`, for what changes after a search has ended."""
        self.show(search)
        if self.connection.profile.custom_messages:
            self.connection.announcer.snapshot(search)

    def show(self, search: Search) -> None:
        """Have the editor look again at all that is told of a search."""
        document = self.files.open_document(search.uri)
        if document:
            self.refresh_hints(document)
        settings = self.configuration.now(search.key.path)
        self.connection.announcer.refresh_views(inlay_hints=settings.inlay_hints)
        self.connection.shown.refresh(search.id)
        self.tell_status()

    def tell_status(self) -> None:
        if self._status:
            self._status.tell(self.session.searches)

    def refresh_hints(self, document: Document) -> None:
        self.connection.announcer.publish_hints(
            document,
            self.session.in_file(document.path),
            self.configuration.now(document.path),
        )

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002
        """Log what a notification's handler raised; the default shows it to people."""
        # What the client asked for and we do not have is its answer, and no fault.
        is_ours = not isinstance(error, JsonRpcMethodNotFound)
        logger.log(
            logging.ERROR if is_ours else logging.INFO,
            "a message could not be handled: %s",
            error,
        )

    async def _restore(self, store: SearchStore, document: Document) -> None:
        try:
            found = await stored_searches(store, document)
        except Exception:
            # A bug here must not end a server because somebody opened a file.
            logger.exception("the past searches of %s are lost", document.path)
            return
        for search in found:
            if self.session.adopt(search):
                self.show(search)
                self.connection.announcer.restored(search)

    async def _announce(self, search: Search) -> None:
        await follow(search, partial(self.show, search), seconds=HINT_SECONDS)
        announcer = self.connection.announcer
        announcer.tell_end(search)
        announcer.log(f"ORPS {search.key.qualname}(): {account(search.progress)}")
        self.connection.examination.begin(search)
        if any(other.progress.outdated for other in self.session.searches):
            # It waited for this search to end.
            self.connection.freshness.touch(None)
        for note in search.progress.notes:
            announcer.log(f"ORPS {search.key.qualname}(): {note}")

    async def _take_basis(self, search: Search) -> None:
        """Remember what the candidates are executed against."""
        request = request_of(search, self.files.buffers())
        settings = await self.configuration.of(search.key.path, None)
        search.tests = search.tests or settings.tests.select
        named = replace(request, tests=search.tests)
        search.basis = await in_parsing_thread(take_basis, named)
        # Something may have been typed while the tests were read.
        self.connection.freshness.touch(search.key.path)

    def _complain_of(self, fault: RequestFault) -> None:
        self.connection.announcer.message(types.MessageType.Warning, fault_text(fault))

    async def _leave_with(self, pid: int) -> None:
        await parent_gone(pid)
        logger.warning("the editor's process %d is gone", pid)
        self.stop(1)
        self.tasks.cancel_scope.cancel()

    def _complain(self, text: str) -> None:
        self.connection.announcer.message(types.MessageType.Warning, text)
