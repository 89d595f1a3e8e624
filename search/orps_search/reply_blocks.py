"""The shape of a model's reply: thinking, prose, fenced blocks.

Everything here takes any text whatever and finds the best reading of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_THINK_TAG = re.compile(
    r"<(?P<close>/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE
)
_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_PYTHON = {"", "python", "python3", "py", "py3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A reply without its thinking."""

    thinking: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block that may hold Python."""

    code: str
    is_closed: bool
    start: int
    """Offset of the opening fence, where the prose before it ends."""
    longer: tuple[str, ...] = ()
    """The same block up to later fences: a docstring may hold a fence of its own."""


def split_thinking(reply: str) -> Spoken:
    """What stands in think-tags, and what does not.

    Some endpoints leave out the opening tag. A tag that is never closed leaves an
    empty answer, since nobody can know where the answer begins.
    """
    text = reply.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    tags = list(_THINK_TAG.finditer(text))
    if not tags:
        return Spoken(thinking="", answer=text)
    last = tags[-1]
    if last["close"]:
        thinking, answer = text[: last.start()], text[last.end() :]
    else:
        thinking, answer = text[last.end() :], text[: last.start()]
    return Spoken(thinking=_THINK_TAG.sub("", thinking).strip(), answer=answer)


def python_blocks(text: str) -> tuple[Block, ...]:
    """Blocks in order whose language is Python or is not said."""
    return tuple(_blocks(text.split("\n")))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opening:
    line: int
    fence: str
    info: str
    start: int


def _blocks(lines: list[str]) -> Iterator[Block]:
    opening: _Opening | None = None
    offset = 0
    for idx, line in enumerate(lines):
        match = _FENCE.match(line)
        if match is not None and opening is None:
            opening = _Opening(
                line=idx, fence=match["fence"], info=match["info"], start=offset
            )
        elif opening is not None and _closes(line, opening.fence):
            if _is_python(opening.info):
                yield _block(lines, opening, idx)
            opening = None
        offset += len(line) + 1
    if opening is not None and _is_python(opening.info):
        code = "\n".join(lines[opening.line + 1 :])
        yield Block(code=code, is_closed=False, start=opening.start)


def _block(lines: list[str], opening: _Opening, end: int) -> Block:
    begin = opening.line + 1
    later = (
        idx
        for idx in range(end + 1, len(lines))
        if lines[idx].strip() and _closes(lines[idx], opening.fence)
    )
    return Block(
        code="\n".join(lines[begin:end]),
        is_closed=True,
        start=opening.start,
        longer=tuple("\n".join(lines[begin:idx]) for idx in later),
    )


def _closes(line: str, fence: str) -> bool:
    match = _FENCE.match(line)
    return (
        match is not None
        and match["fence"].startswith(fence)
        and not match["info"].strip()
    )


def _is_python(info: str) -> bool:
    words = re.split(r"[\s{:,]", info.strip().lower(), maxsplit=1)
    return words[0] in _PYTHON
