"""Asks once for each project, and once for each host a project's code is sent to.

A `no` ends the search before anything has run or left. An editor that cannot be asked
at all is another matter: there the person's own command counts as consent for what
stays on this machine, inside an isolating sandbox, and for nothing else.
"""

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from orps_server.consent.grants import GrantStore
from orps_server.consent.questions import Choice, Question, about_host, about_trust
from orps_server.endpoint import configured_endpoint
from orps_server.errors import RequestFault
from orps_server.preview import Preview
from orps_server.settings import Settings

logger = logging.getLogger(__name__)


class CannotAsk(Exception):
    """The editor does not show questions."""


class Asker(Protocol):
    async def ask(self, question: Question) -> Choice | None:
        """The answer; `None` if the person closed the question.

        Raises `CannotAsk`.
        """
        ...

    async def show(self, shown: Preview) -> None:
        """Show the prompt, in whatever way the editor can."""
        ...


MakePreview = Callable[[], Awaitable[Preview]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beforehand:
    """What was said when the editor connected."""

    trusted: bool = False
    """Projects that this editor opens are trusted, and so are this machine's ports."""
    has_own_trust: bool = False
    """The editor asks people itself whether they trust a project."""


class Gate:
    def __init__(
        self, *, asker: Asker, grants: GrantStore, beforehand: Beforehand = Beforehand()
    ) -> None:
        self._asker = asker
        self._grants = grants
        self._beforehand = beforehand
        self._admitted: set[Path] = set()

    async def admit(
        self,
        root: Path,
        settings: Settings,
        make_preview: MakePreview,
        waiting: Callable[[], None],
    ) -> None:
        """Return when all is agreed to; raises `RequestFault` when it is not.

        `waiting` is called before a person is asked.
        """
        await self.require_trust(root, settings, waiting)
        endpoint = configured_endpoint(settings.llm)
        if endpoint is not None:
            host = urlsplit(endpoint.base_url).netloc
            await self._require_host(root, host, settings, make_preview, waiting)

    def trusts(self, root: Path) -> bool:
        """Whether something of it may run that nobody has asked for just now."""
        return (
            self._beforehand.trusted
            or self._beforehand.has_own_trust
            or root in self._admitted
            or str(root) in self._grants.read().trusted
        )

    async def require_trust(
        self, root: Path, settings: Settings, waiting: Callable[[], None]
    ) -> None:
        """Return when the project may run; raises `RequestFault` when it may not."""
        if not self.trusts(root):
            await self._ask_for_trust(root, settings, waiting)
        self._admitted.add(root)

    async def _ask_for_trust(
        self, root: Path, settings: Settings, waiting: Callable[[], None]
    ) -> None:
        waiting()
        try:
            answer = await self._asker.ask(about_trust(root))
        except CannotAsk:
            if settings.sandbox.tier == "C":
                raise _untrusted(root) from None
            return
        match answer:
            case Choice.TRUST:
                self._keep(lambda: self._grants.trust(root))
            case Choice.ONCE:
                pass
            case _:
                raise _untrusted(root)

    async def _require_host(
        self,
        root: Path,
        host: str,
        settings: Settings,
        make_preview: MakePreview,
        waiting: Callable[[], None],
    ) -> None:
        known = (str(root), host) in self._grants.read().hosts
        if settings.llm.consent == "always" or known:
            return
        if self._beforehand.trusted and is_loopback(host):
            return
        waiting()
        shown = await make_preview()
        question = about_host(host, shown)
        try:
            answer = await self._asker.ask(question)
            if answer is Choice.PROMPT:
                await self._asker.show(shown)
                answer = await self._asker.ask(about_host(host, shown, prompt=False))
        except CannotAsk:
            if is_loopback(host):
                return
            raise _denied(host) from None
        match answer:
            case Choice.WORKSPACE:
                self._keep(lambda: self._grants.allow_host(root, host))
            case Choice.ONCE:
                if settings.llm.consent == "perWorkspace":
                    self._keep(lambda: self._grants.allow_host(root, host))
            case _:
                raise _denied(host)

    def _keep(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:
            logger.warning("the answer is not kept: %s", error)


def is_loopback(host: str) -> bool:
    """Whether what is sent to `host`, with or without a port, stays on this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _untrusted(root: Path) -> RequestFault:
    return RequestFault(
        f"{root} is not trusted, so nothing of it was run.",
        kind="untrusted",
        hint="Generate again and trust the project, or start the server with "
        '`"trusted": true` in its initialization options.',
    )


def _denied(host: str) -> RequestFault:
    return RequestFault(
        f"Nothing was sent to {host}: there was no consent.",
        kind="consentDenied",
        hint="Generate again and allow it, set orps.llm.consent to `always`, or search "
        "without a model.",
    )
