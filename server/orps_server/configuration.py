"""The settings in force: what the server started with, then the editor's, per folder.

An editor hands settings over in up to three ways: in the options of `initialize`, by
`workspace/didChangeConfiguration`, and in answer to `workspace/configuration`.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import cast

import anyio
from lsprotocol import types

from orps_server.errors import RequestFault
from orps_server.from_proto import file_path
from orps_server.lsp_ext import SECTION
from orps_server.protocol import NoAnswer, OrpsProtocol
from orps_server.settings import Settings, settings_from_json

ANSWER_SECONDS = 1.0
"""How long a search waits for an editor that is slow to say its settings."""

MAX_FOLDERS = 256

Layers = Callable[[Path], tuple[Settings, tuple[str, ...]]]
"""What holds for a file before the editor is heard, and complaints about it."""


class Configuration:
    def __init__(
        self,
        *,
        protocol: OrpsProtocol,
        base: Settings,
        layers: Layers,
        complain: Callable[[str], None],
    ) -> None:
        self._protocol = protocol
        self._base = base
        self._layers = layers
        self._complain = complain
        self._complained: set[str] = set()
        self._options: object = None
        self._answers: dict[Path | None, object] = {}
        self._known: dict[Path, Settings] = {}
        """By folder, as long as nothing says that they may have changed."""
        self._settled = anyio.Event()

    def begin(self, options: object, complaints: Iterable[str]) -> None:
        """Lay the options of `initialize` under all that comes later."""
        self._options = options
        self._tell(complaints)
        self._base = self._laid(options, self._base)
        self.look_again()

    def settle(self) -> None:
        """There is nothing to wait for: this editor is not going to be asked."""
        self._settled.set()

    def push(self, settings: object) -> None:
        """Take what `didChangeConfiguration` carries."""
        self._answers = {None: settings}
        self.look_again()
        self._laid(settings, self._base)

    async def pull(self, folders: Sequence[str]) -> None:
        """Ask the editor, for each of its folders and for files in none of them."""
        scopes: tuple[str | None, ...] = (None, *folders)
        items = [
            types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in scopes
        ]
        try:
            answers = await self._protocol.ask(
                types.WORKSPACE_CONFIGURATION, types.ConfigurationParams(items=items)
            )
        except NoAnswer:
            answers = None
        values = cast("Sequence[object]", answers or ())
        for uri, value in zip(scopes, values, strict=False):
            self._answers[file_path(uri) if uri else None] = value
            self._laid(value, self._base)
        self.look_again()
        self._settled.set()

    def look_again(self) -> None:
        """A file that holds settings may have changed."""
        self._known.clear()

    def now(self, path: Path) -> Settings:
        """What is known of the settings for a file; quick, for each keystroke."""
        folder = path.parent
        if folder not in self._known:
            if len(self._known) >= MAX_FOLDERS:
                self._known.clear()
            try:
                self._known[folder] = self._all(path)
            except RequestFault:
                # It lies in no project; a search will say so.
                return self._laid(self._answer(path), self._base)
        return self._known[folder]

    async def of(self, path: Path, overrides: object) -> Settings:
        """All settings for one search, once the editor has had its chance to answer."""
        with anyio.move_on_after(ANSWER_SECONDS):
            await self._settled.wait()
        self.look_again()
        return self._laid(overrides, self._all(path))

    def _all(self, path: Path) -> Settings:
        settings, complaints = self._layers(path)
        self._tell(complaints)
        for carrier in (self._options, self._answer(path)):
            settings = self._laid(carrier, settings)
        return settings

    @property
    def known(self) -> Settings:
        """What is known for no file in particular."""
        return self._laid(self._answers.get(None), self._base)

    def _answer(self, path: Path) -> object:
        around = [
            folder for folder in self._answers if folder and path.is_relative_to(folder)
        ]
        nearest = max(around, key=lambda folder: len(folder.parts), default=None)
        return self._answers.get(nearest)

    def _laid(self, value: object, base: Settings) -> Settings:
        settings, complaints = settings_from_json(value, base=base)
        self._tell(complaints)
        return settings

    def _tell(self, complaints: Iterable[str]) -> None:
        """Each complaint once in a session, however often its setting is read."""
        for complaint in complaints:
            if complaint not in self._complained:
                self._complained.add(complaint)
                self._complain(f"ORPS: {complaint}")
