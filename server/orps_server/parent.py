"""Notices that the editor is gone, however it went."""

import logging
import os

import anyio
import psutil

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.25


async def parent_gone(pid: int) -> None:
    """Return when the process ends.

    A pid that does not exist here is one of another machine or container; nothing
    can be learned from it, so the wait never ends.
    """
    try:
        parent = psutil.Process(pid)
    except psutil.NoSuchProcess:
        logger.info("process %d is not visible from here", pid)
        await anyio.sleep_forever()
        return
    try:
        descriptor = os.pidfd_open(pid)
    except (AttributeError, OSError):
        # Not Linux, or a kernel without it.
        await _poll(parent)
        return
    try:
        await anyio.wait_readable(descriptor)
    finally:
        os.close(descriptor)


async def _poll(process: psutil.Process) -> None:
    # Without a pidfd the end of a process that is not our child is no event.
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
        await anyio.sleep(POLL_SECONDS)
