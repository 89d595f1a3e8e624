"""Keeps pytest warm and answers requests, one child at a time."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import platform
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from orps_sandbox.worker.copied import Copied
from orps_sandbox.worker.neutral import NeutralOptions
from orps_sandbox.worker.nursery import Nursery
from orps_sandbox.worker.request import RunRequest
from orps_sandbox.worker.runs import Runs
from orps_sandbox.worker.spare import Spare
from orps_sandbox.worker.supervise import Supervision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orps_sandbox.worker.channel import Channel
    from orps_sandbox.worker.confinement import Confinement
    from orps_sandbox.worker.counters import Counters

_WARM_UP = """\
import unittest

class TestWarmUp(unittest.TestCase):
    def test_one(self):
        self.assertEqual(1, 1)

def test_two(tmp_path, monkeypatch):
    assert 1 == 1
"""

_PATIENCE_SECONDS = 0.003
"""What is asked for at once would only wait for what is prepared for it."""
_NO_REWRITING = "\n\nPYTEST_DONT_REWRITE"
"""The mark by which pytest leaves a module alone."""


def versions() -> dict[str, object]:
    return {
        "python_version": platform.python_version(),
        "pytest_version": pytest.__version__,
    }


def warm_up(scratch: str) -> None:
    """Run pytest once on nothing of the user's: children find all of it imported.

    Plugins are imported plainly: rewriting their assertions takes seconds wherever
    no run of pytest has left its bytecode yet, and changes no verdict.
    """
    folder = Path(scratch, "warm-up")
    folder.mkdir(exist_ok=True)
    (folder / "test_orps_warm_up.py").write_text(_WARM_UP, encoding="ascii")
    path, modules = list(sys.path), set(sys.modules)
    options = ["-q", "--assert=plain", f"--rootdir={folder}", "-p", "no:cacheprovider"]
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*options, str(folder)], plugins=[NeutralOptions()])
    sys.path[:] = path
    _forget_modules_under(scratch)
    _excuse_from_rewriting(sys.modules.keys() - modules)


def _forget_modules_under(folder: str) -> None:
    """Unload the warm-up's own module, and the project's if it is a pytest plugin.

    A child has to import the project afresh, with the candidate in place.
    """
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(folder + os.sep):
            del sys.modules[name]


def _excuse_from_rewriting(names: Iterable[str]) -> None:
    """Keep pytest from warning, in each child, that it came too late for these."""
    for name in names:
        module = sys.modules[name]
        if "." not in name and not (module.__doc__ or "").endswith(_NO_REWRITING):
            module.__doc__ = (module.__doc__ or "") + _NO_REWRITING


def _counted(counters: Counters, before: tuple[int, int] | None) -> dict[str, object]:
    after = counters.read()
    if before is None or after is None:
        return {"counters_missing": counters.missing}
    return {
        "instructions": after[0] - before[0],
        "branch_misses": after[1] - before[1],
    }


def serve(channel: Channel, confinement: Confinement, counters: Counters) -> None:
    gc.collect()
    # Keeps the collector from touching, and so copying, the pages shared by fork.
    gc.freeze()
    nursery = Nursery(confinement)
    spare = Spare(confinement)
    runs = Runs(channel, confinement, nursery)
    copied = Copied(*confinement.folders)
    while not channel.closed:
        frame = channel.receive()
        # Now that the executor has its answer; taking down is work for a processor.
        runs.finish()
        if frame is None:
            return
        if frame["kind"] == "prepare":
            if not channel.waits(seconds=_PATIENCE_SECONDS):
                runs.prepare()
            continue
        if frame["kind"] == "rest":
            runs.rest()
            spare.discard()
            channel.send({"kind": "resting"})
            continue
        request = RunRequest.from_frame(frame, copy_root=confinement.copy_root)
        nonce = secrets.token_hex(16)
        if frame["is_pristine"]:
            copied.note()
        else:
            copied.forget()
        if request.observing is not None:
            copied.forget()
            runs.let_go()
            _observe(frame, request, spare, channel, confinement, nonce=nonce)
            continue
        if confinement.group is not None:
            confinement.group.limit(
                memory_bytes=request.address_space_bytes, processes=request.processes
            )
        before = counters.read()
        done = runs.run(request, nonce=nonce)
        channel.send(
            {
                **done,
                **_counted(counters, before),
                "is_untouched": copied.is_untouched(),
            }
        )


def _observe(
    frame: dict[str, Any],
    request: RunRequest,
    spare: Spare,
    channel: Channel,
    confinement: Confinement,
    *,
    nonce: str,
) -> None:
    """What comes of calls is of use all at once, and goes out at once.

    Except where a candidate can kill this process: there, while there is time.
    """
    supervision = Supervision(
        spare.take(frame, nonce=nonce),
        request,
        nonce=nonce,
        forward=channel.send if confinement.tier == "C" else channel.hold,
        flush=channel.flush,
        abandoned=channel.abandoned,
    )
    done = supervision.run()
    channel.send(done)
    supervision.collect()
    spare.renew()
