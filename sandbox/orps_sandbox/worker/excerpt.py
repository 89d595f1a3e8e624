"""Failure texts short enough for a person, a prompt and a pipe."""

from __future__ import annotations

import io

MAX_LINES = 30
MAX_CHARACTERS = 2000
_HEAD_LINES = 8
_HEAD_CHARACTERS = 500
_CUT = "[...]"


def excerpt(text: str, *, copy_root: str) -> str:
    """Keep the beginning and, mostly, the end; name files as the user knows them."""
    text = text.replace(copy_root + "/", "").replace(copy_root + "\\", "").strip("\n")
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        tail = lines[_HEAD_LINES + 1 - MAX_LINES :]
        text = "\n".join([*lines[:_HEAD_LINES], _CUT, *tail])
    if len(text) > MAX_CHARACTERS:
        rest = MAX_CHARACTERS - _HEAD_CHARACTERS - len(_CUT) - 2
        text = f"{text[:_HEAD_CHARACTERS]}\n{_CUT}\n{text[-rest:]}"
    return text


class Tail(io.TextIOBase):
    """A text file that remembers only the end of what was written."""

    def __init__(self) -> None:
        self._text = ""

    def writable(self) -> bool:
        return True

    def write(self, s: str) -> int:
        self._text = (self._text + s)[-4 * MAX_CHARACTERS :]
        return len(s)

    def getvalue(self) -> str:
        return self._text
