"""Ctrl-C and SIGTERM end a command the way any cancellation does: tidily."""

import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

import anyio

from orps_server.cli.status import ExitStatus

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def until_interrupted(work: Callable[[], Awaitable[T]]) -> T | None:
    """Do the work, or cancel it on a signal; `None` when there was one.

    Who asks a second time does not want to wait for the tidying: the sandbox's
    processes die with ours.
    """
    result: T | None = None
    scope = anyio.CancelScope()
    async with anyio.create_task_group() as group:
        group.start_soon(_cancel_on_signal, scope)
        with scope:
            result = await work()
        group.cancel_scope.cancel()
    return result


async def _cancel_on_signal(scope: anyio.CancelScope) -> None:
    # Windows has no signal receiver; asyncio's own handling of Ctrl-C remains there.
    with suppress(NotImplementedError), anyio.open_signal_receiver(*SIGNALS) as signals:
        async for _ in signals:
            if scope.cancel_called:
                os._exit(ExitStatus.INTERRUPTED)
            scope.cancel()
