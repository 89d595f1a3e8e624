"""News at a bounded rate: at once, then at most once per interval, and at the end."""

from collections.abc import Callable

import anyio

from orps_server.searches import Search


async def follow(search: Search, act: Callable[[], None], *, seconds: float) -> None:
    """Call `act` for the present state and for each later one, until the last."""
    while True:
        revision = search.revision
        act()
        if not search.is_running:
            return
        with anyio.move_on_after(seconds):
            await search.ended()
        await search.next_revision(revision)
