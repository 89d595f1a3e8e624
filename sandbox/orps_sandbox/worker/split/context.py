# pyright: basic
"""Where a test is when it calls the target: its folder, environment, random numbers."""

from __future__ import annotations

import os
import random
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class Context:
    """In the judge; knows what the candidate's process was told of them."""

    def __init__(self) -> None:
        self._told: dict[str, Any] = {
            "env": _environment(),
            "random": random.getstate(),
        }
        self._shares_random = False
        """Whether a test has set or used them, so that the candidate was told."""

    def begin_run(self) -> None:
        """In a fork, whose random numbers have started anew; nobody has set them."""
        self._told["random"] = random.getstate()
        self._shares_random = False

    def news(self) -> dict[str, Any]:
        """What has changed since this was last asked."""
        told: dict[str, Any] = {}
        try:
            folder = os.getcwd()  # noqa: PTH109 - a text
        except OSError:
            folder = None
        if folder != self._told.get("cwd"):
            told["cwd"] = self._told["cwd"] = folder
        environment = _environment()
        known = self._told["env"]
        if environment != known:
            told["env"] = {
                name: environment.get(name)
                for name in environment.keys() | known.keys()
                if environment.get(name) != known.get(name)
            }
        self._told["env"] = environment
        state = random.getstate()
        if state != self._told["random"]:
            told["random"] = [state[0], list(state[1]), state[2]]
            self._shares_random = True
        self._told["random"] = state
        return told

    def go_on(self, state: Any) -> None:
        """Go on where the candidate has left off, since the test has set the seed."""
        if not self._shares_random:
            return
        if type(state) is list and len(state) == 3 and type(state[1]) is list:  # noqa: PLR2004
            try:
                random.setstate((state[0], tuple(state[1]), state[2]))
            except (TypeError, ValueError, OverflowError):
                return
            self._told["random"] = random.getstate()

    @contextmanager
    def kept(self) -> Generator[None]:
        """What is asked in here has not been told."""
        before = dict(self._told)
        yield
        self._told = before


def _environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment.pop("PYTEST_CURRENT_TEST", None)
    return environment
