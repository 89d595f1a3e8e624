"""Tokens of all searches on this machine, day by day, and a bound on a day's.

A day is a file in the person's state folder with a line for each call. Lines are added
at its end in one write, so any number of servers and commands count together without
a lock; a line that a kill has cut short counts as what is left of it.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from anyio import to_thread

from orps_search.errors import ModelRejected
from orps_search.model import (
    ChatModel,
    Message,
    Reply,
    ReplySchema,
    estimated_tokens,
    worst_case,
)
from orps_server.store.peek import store_file


class DailyTokens:
    """What the day's file holds; one that cannot be read or written holds nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        return self._folder or store_file().parent / "tokens"

    def spent(self) -> int:
        """Since midnight."""
        try:
            lines = self._file().read_bytes().split()
        except OSError:
            return 0
        return sum(int(line) for line in lines if line.isdigit())

    def add(self, n_tokens: int) -> None:
        file = self._file()
        with suppress(OSError):
            is_new = not file.exists()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            descriptor = os.open(file, flags, 0o600)
            try:
                os.write(descriptor, b"%d\n" % n_tokens)
            finally:
                os.close(descriptor)
            if is_new:
                self._forget_other_days(file)

    def _file(self) -> Path:
        return self.folder / date.today().isoformat()

    def _forget_other_days(self, today: Path) -> None:
        for file in self.folder.iterdir():
            if file != today:
                file.unlink(missing_ok=True)


class RationedModel:
    """A chat model that is not asked beyond what a day may cost."""

    def __init__(self, model: ChatModel, day: DailyTokens, *, max_tokens: int) -> None:
        """0 is no bound; what is used is counted anyway."""
        self._model = model
        self._day = day
        self._max_tokens = max_tokens
        self._reserved = 0

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def prompt_tokens(self) -> int:
        return self._model.prompt_tokens

    @property
    def max_output_tokens(self) -> int:
        return self._model.max_output_tokens

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        seed: int | None = None,
        schema: ReplySchema | None = None,
    ) -> Reply:
        usage = worst_case(self._model, messages)
        worst = usage.input_tokens + usage.output_tokens
        # Reserved before anything is waited for: calls begin side by side.
        self._reserved += worst
        # One that brings no reply was sent all the same.
        used = sum(estimated_tokens(message.content) for message in messages)
        try:
            if self._max_tokens:
                spent = await to_thread.run_sync(self._day.spent)
                if spent + self._reserved > self._max_tokens:
                    used = 0
                    raise _spent(spent, self._max_tokens)
            reply = await self._model.complete(messages, seed=seed, schema=schema)
            used = reply.usage.input_tokens + reply.usage.output_tokens
            return reply
        finally:
            self._reserved -= worst
            if used:
                self._day.add(used)


def _spent(spent: int, max_tokens: int) -> ModelRejected:
    return ModelRejected(
        f"{spent} of the {max_tokens} tokens of today are spent, which leaves no room "
        "for a further request; raise orps.budget.maxTokensPerDay or wait for tomorrow.",
        kind="budget",
    )
