"""Text that Python refuses, made readable without moving a line.

Two repairs, until the parser is content. A header without a body (a stub may end
after its signature) is shown to the parser with one; whatever else does not parse
is commented out: the smallest definition or statement first, then what encloses
it. Commenting out overwrites the first character of a line, so that every offset
of the original holds in the healed text.
"""

import functools
import itertools
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

from orps_search.source.blocks import read_blocks
from orps_search.source.fault import TargetFault
from orps_search.source.parse import (
    ADDED_BODY,
    Parsed,
    Unparsable,
    parse_lines,
    split_lines,
)
from orps_search.source.target import Target

_NO_BODY = re.compile(r"after (?:function|class) definition on line (\d+)")
_MAX_REPAIRS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Lines (from 0) that were commented out, and why."""

    lines: range
    why: Unparsable


@dataclass(frozen=True, slots=True, kw_only=True)
class Healed:
    parsed: Parsed
    text: str
    """The original with comments in place of what does not parse; headers that
    have no body are as they were."""
    hidden: tuple[Hidden, ...]


@functools.lru_cache(maxsize=8)
def heal(text: str, *, spare: range | None = None) -> Healed | Unparsable:
    """Make `text` readable.

    Lines (from 0) in `spare` are never hidden. Headers without a body are given
    one there, everywhere if `spare` is None, and are hidden elsewhere. The last few
    answers are kept: one text is asked about many times between two keystrokes.
    """
    lines = split_lines(text)
    added: dict[int, int] = {}
    hidden: list[Hidden] = []
    for _ in range(_MAX_REPAIRS):
        shown = [_with_body(line, added.get(i + 1)) for i, line in enumerate(lines)]
        parsed = parse_lines(text, shown, dict(added))
        if isinstance(parsed, Parsed):
            return Healed(parsed=parsed, text="".join(lines), hidden=tuple(hidden))
        colon = _missing_body(lines, parsed)
        if colon is not None and (spare is None or colon[0] - 1 in spare):
            added[colon[0]] = colon[1]
            continue
        region = _region(shown, parsed, spare)
        if region is None:
            return parsed
        hidden.append(Hidden(lines=region, why=parsed))
        lines[region.start : region.stop] = [_comment_out(lines[i]) for i in region]
        added = {line: at for line, at in added.items() if line - 1 not in region}
    return Unparsable(line=1, reason="too many syntax errors")


def runnable_text(text: str, target: Target) -> str | TargetFault:
    """The text with other definitions that do not parse commented out.

    Offsets and line numbers stay; what parses is returned unchanged. A target
    without a body stays without one: place a candidate before running.
    """
    first = len(split_lines(text[: target.start])) - 1
    last = len(split_lines(text[: target.end]))
    healed = heal(text, spare=range(first, last))
    if isinstance(healed, Unparsable):
        return TargetFault(
            kind="syntaxError",
            message=f"the file has a syntax error that cannot be left out: {healed}",
        )
    return healed.text


def header_colon(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """Line (from 1) and column after the colon that ends the header at `line`."""
    depth = 0
    # Line by line, since a header is short and its module may be long.
    rest = itertools.islice(lines, line - 1, None)
    try:
        for token in tokenize.generate_tokens(lambda: next(rest, "")):
            if token.type != tokenize.OP:
                continue
            if token.string in "([{":
                depth += 1
            elif token.string in ")]}":
                depth -= 1
            elif token.string == ":" and depth == 0:
                return token.end[0] + line - 1, token.end[1]
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _missing_body(lines: list[str], why: Unparsable) -> tuple[int, int] | None:
    match = _NO_BODY.search(why.reason)
    return header_colon(lines, int(match[1])) if match else None


def _with_body(line: str, column: int | None) -> str:
    return line if column is None else line[:column] + ADDED_BODY + line[column:]


def _region(shown: list[str], why: Unparsable, spare: range | None) -> range | None:
    """The smallest block around the error that has anything left to hide."""
    blocks = read_blocks(shown)
    match = _NO_BODY.search(why.reason)
    if match:
        line = int(match[1]) - 1
    elif blocks.first_error is not None:
        line = blocks.first_error
    else:
        line = why.line - 1
    for region in blocks.around(min(line, len(shown) - 1)):
        visible = any(_is_visible(shown[i]) for i in region)
        apart = (
            spare is None or spare.stop <= region.start or region.stop <= spare.start
        )
        if visible:
            return region if apart else None
    return None


def _is_visible(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _comment_out(line: str) -> str:
    if not _is_visible(line):
        return line
    margin = len(line) - len(line.lstrip())
    return line[:margin] + "#" + line[margin + 1 :]
