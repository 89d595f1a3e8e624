"""`workspace/executeCommand`: which function answers which of our commands."""

import inspect
from collections.abc import Callable, Generator
from typing import Any, cast

from orps_server.commands import (
    answering,
    applying,
    keeping,
    searching,
    showing,
    status,
)
from orps_server.from_proto import JsonObject, command_object
from orps_server.language_server import OrpsLanguageServer
from orps_server.lsp_ext import CommandName

COMMANDS: dict[CommandName, Callable[[OrpsLanguageServer, JsonObject], Any]] = {
    CommandName.GENERATE: searching.generate,
    CommandName.CANCEL: searching.cancel,
    CommandName.RESUME: keeping.resume,
    CommandName.CRITIQUE: keeping.critique,
    CommandName.APPLY: applying.apply,
    CommandName.PREVIEW: showing.preview,
    CommandName.ANSWER: answering.answer,
    CommandName.REVERIFY: searching.reverify,
    CommandName.DISMISS: searching.dismiss,
    CommandName.PREVIEW_PROMPT: showing.show_prompt,
    CommandName.REPORT: showing.report,
    CommandName.CLEAR_CACHE: keeping.clear_cache,
    CommandName.STATUS: lambda ls, _: status.status(ls),
}


def register(server: OrpsLanguageServer) -> None:
    for name, run in COMMANDS.items():
        server.command(name.value)(_handler(run))


def _handler(
    run: Callable[[OrpsLanguageServer, JsonObject], Any],
) -> Callable[..., Any]:
    """Pygls passes a command's arguments one by one; ours take one object.

    It starts a coroutine after it has read further messages, and a generator at once.
    """
    if inspect.isgeneratorfunction(run):
        steps = cast("Callable[..., Generator[Any, Any, Any]]", run)

        def begun(
            ls: OrpsLanguageServer, *arguments: object
        ) -> Generator[Any, Any, Any]:
            return (yield from steps(ls, command_object(arguments)))

        return begun
    if inspect.iscoroutinefunction(run):

        async def waiting(ls: OrpsLanguageServer, *arguments: object) -> object:
            return await run(ls, command_object(arguments))

        return waiting

    def at_once(ls: OrpsLanguageServer, *arguments: object) -> object:
        return run(ls, command_object(arguments))

    return at_once
