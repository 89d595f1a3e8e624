"""Brings the candidates of a search up to date: on request, or by itself when idle."""

from collections.abc import Callable
from functools import partial

import anyio

from orps_search.candidate import CandidateId
from orps_server.configuration import Configuration
from orps_server.consent.gate import Gate
from orps_server.errors import RequestFault
from orps_server.faults import WORLD_FAULTS, fault_of
from orps_server.freshness import request_of
from orps_server.open_files import OpenFiles
from orps_server.searches import Search
from orps_server.session import Session
from orps_server.verification import Again, OpenBench, present_target, verify_again
from orps_server.workspace import project_root


class Renewal:
    def __init__(
        self,
        *,
        session: Session,
        files: OpenFiles,
        configuration: Configuration,
        open_bench: OpenBench,
        gate: Gate,
        changed: Callable[[Search], None],
        complain: Callable[[RequestFault], None],
    ) -> None:
        """`changed` is called when there is something new to see of a search."""
        self._session = session
        self._files = files
        self._configuration = configuration
        self._open_bench = open_bench
        self._gate = gate
        self._changed = changed
        self._complain = complain

    def on_request(self, search: Search, first: CandidateId | None) -> None:
        """Begin, for somebody who asked; raises `RequestFault` where it cannot be."""
        again = self._again(search, first)
        present_target(search, again)
        self._begin(search, again, self._complain)

    def by_itself(self, search: Search) -> None:
        """Begin if it can be; nobody asked, so nobody is told why it cannot."""
        if not self._gate.trusts(project_root(search.key.path)):
            return
        try:
            again = self._again(search, None)
            target = present_target(search, again)
        except RequestFault:
            return
        # A new signature is half-typed for a while; people say when it is complete.
        if (target.header, target.docstring) == (
            search.origin.header,
            search.origin.docstring,
        ):
            self._begin(search, again, lambda _: None)

    def _again(self, search: Search, first: CandidateId | None) -> Again:
        document = self._files.read(search.uri, search.key.path)
        request = request_of(search, self._files.buffers())
        return Again(request=request, text=document.text, first=first)

    def _begin(
        self, search: Search, again: Again, complain: Callable[[RequestFault], None]
    ) -> None:
        scope = search.verify()
        self._changed(search)
        self._session.attend(search, partial(self._run, search, again, scope, complain))

    async def _run(
        self,
        search: Search,
        again: Again,
        scope: anyio.CancelScope,
        complain: Callable[[RequestFault], None],
    ) -> None:
        try:
            with scope:
                settings = await self._configuration.of(search.key.path, None)
                root = project_root(search.key.path)
                await self._gate.require_trust(root, settings, lambda: None)
                await verify_again(search, again, settings, self._open_bench)
        except WORLD_FAULTS as error:
            complain(fault_of(error))
        finally:
            # A second verification has taken the place of this one.
            if search.verification is scope:
                search.verified()
                self._changed(search)
