"""A search in the editor's progress display, with its cancel button."""

from typing import cast

import anyio
from lsprotocol import types

from orps_search.verdicts import passes
from orps_server.pacing import follow
from orps_server.protocol import NoAnswer, OrpsProtocol
from orps_server.searches import Progress, Search, State
from orps_server.wording import done_of, summary

REPORT_SECONDS = 0.5
_PERCENT = 100


def progress_token(search: Search) -> str:
    """Readable, because Helix 25.01 shows the token itself."""
    return f"ORPS {search.key.qualname} {search.id}"


def search_id(token: types.ProgressToken) -> str:
    """The search of a token that `progress_token` made."""
    return str(token).rpartition(" ")[2]


async def report_progress(protocol: OrpsProtocol, search: Search) -> None:
    """Watch a search; only for editors that show progress begun by the server."""
    token = progress_token(search)
    if not await _created(protocol, token, search):
        return
    progress = protocol.progress
    progress.begin(
        token,
        types.WorkDoneProgressBegin(
            title=f"ORPS {search.key.qualname}()", cancellable=True, percentage=0
        ),
    )
    try:
        await follow(
            search,
            lambda: progress.report(token, _report(search.progress)),
            seconds=REPORT_SECONDS,
        )
    finally:
        message = "cancelled" if search.is_running else summary(search.progress)
        progress.end(token, types.WorkDoneProgressEnd(message=message))
        cast("dict[str, object]", progress.tokens).pop(token, None)  # pyright: ignore[reportUnknownMemberType]


async def _created(protocol: OrpsProtocol, token: str, search: Search) -> bool:
    """Ask for a progress display, for as long as there is something to display."""
    created = False
    async with anyio.create_task_group() as tasks:

        async def give_up() -> None:
            await search.ended()
            tasks.cancel_scope.cancel()

        tasks.start_soon(give_up)
        try:
            await protocol.ask(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE,
                types.WorkDoneProgressCreateParams(token=token),
            )
        except NoAnswer:
            pass
        else:
            created = True
        tasks.cancel_scope.cancel()
    return created


def _report(progress: Progress) -> types.WorkDoneProgressReport:
    """`12 of 40, best passes 2 of 3 tests, 8.1k tokens`; parts unknown left out."""
    calls = progress.usage.calls
    tokens = calls.input_tokens + calls.output_tokens
    # The job is open once the tests have been collected; then somebody proposes.
    is_open = progress.proposer is not None
    opening = "waiting for the first candidate" if is_open else "collecting tests"
    if progress.state in (State.QUEUED, State.AWAITING_CONSENT):
        opening = summary(progress)
    parts = [
        done_of(progress) or opening,
        f"best {passes(progress.ranking[0].outcome)}" if progress.ranking else "",
        f"{tokens / 1000:.1f}k tokens" if tokens else "",
    ]
    n_max = progress.n_max or 0
    percentage = min(_PERCENT, _PERCENT * progress.n_done // n_max) if n_max else 0
    return types.WorkDoneProgressReport(
        message=", ".join(part for part in parts if part),
        percentage=percentage,
        cancellable=True,
    )
