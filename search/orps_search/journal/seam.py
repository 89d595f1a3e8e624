"""Where a running search hands over what happened; who writes it down is not its affair.

`append` takes an entry in the order of events and must not wait. `saved` waits until
what was appended is safe, for a while: a search goes on when its journal cannot.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from orps_search.journal.entries import Entry, Exchange


class Journal(Protocol):
    """What `run_search` tells as it goes."""

    def append(self, entry: Entry, texts: Mapping[str, str]) -> None:
        """Take an entry, and the texts that it names by digest; returns at once."""
        ...

    async def saved(self) -> None:
        """Return once all that was appended is kept, or cannot be; never raise."""
        ...


class Unjournaled:
    """For searches that nobody wants to remember."""

    def append(self, entry: Entry, texts: Mapping[str, str]) -> None: ...

    async def saved(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One exchange with its texts."""

    prompt: str
    reply: str

    @property
    def exchange(self) -> Exchange:
        return Exchange(prompt=digest(self.prompt), reply=digest(self.reply))


_listener: ContextVar[list[Heard] | None] = ContextVar("_listener", default=None)
"""Of the task that makes a call. A role answers with what it has understood; what it
was told word for word passes here, past the roles' signatures."""


@contextmanager
def listening(heard: list[Heard]) -> Generator[None]:
    """Collect in `heard` what the calls inside, in this task, say and hear."""
    token = _listener.set(heard)
    try:
        yield
    finally:
        _listener.reset(token)


def overheard(messages: Sequence[str], reply: str) -> None:
    """Say that a model was sent these messages and replied so."""
    heard = _listener.get()
    if heard is not None:
        heard.append(Heard(prompt="\0".join(messages), reply=reply))


def texts(heard: Sequence[Heard]) -> dict[str, str]:
    """Prompts and replies by their digests."""
    prompts = {each.exchange.prompt: each.prompt for each in heard}
    return prompts | {each.exchange.reply: each.reply for each in heard}


def digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
