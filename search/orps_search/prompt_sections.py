"""Titled parts of a prompt, and how they are shortened to fit a context."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_FENCE_RUN = re.compile(r"`{3,}")
_CUT_NOTE = "\n[... {n} characters left out]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    body: str
    is_code: bool = False
    shrink_order: int | None = None
    """The lowest is shortened first; `None` is never shortened."""
    floor_characters: int = 0
    """What stays of the body at least, from its beginning."""

    def render(self) -> str:
        body = fenced(self.body) if self.is_code else self.body.strip()
        return f"## {self.title}\n\n{body}"


def fenced(code: str) -> str:
    """A Python block whose fence is longer than any inside it."""
    runs = [len(run) for run in _FENCE_RUN.findall(code)]
    fence = "`" * max([3, *(length + 1 for length in runs)])
    return f"{fence}python\n{code.strip()}\n{fence}"


def fitted(sections: Sequence[Section], limit_characters: int) -> str:
    """The sections as one text, shortened in their order until they fit.

    What may not be shortened stays even when the text is too long then: a prompt
    without the definition would be worse than one that the endpoint refuses.
    """
    kept = list(sections)
    shrinkable = [idx for idx, part in enumerate(kept) if part.shrink_order is not None]
    for idx in sorted(shrinkable, key=lambda idx: kept[idx].shrink_order or 0):
        excess = len(_joined(kept)) - limit_characters
        if excess <= 0:
            break
        kept[idx] = _shortened(kept[idx], excess)
    return _joined(kept)


def shortened(text: str, limit_characters: int) -> str:
    """The beginning of a text, with a note of how much is missing."""
    if len(text) <= limit_characters:
        return text
    return text[:limit_characters] + _CUT_NOTE.format(n=len(text) - limit_characters)


def _shortened(section: Section, excess: int) -> Section:
    room = len(section.body) - excess - len(_CUT_NOTE) - len(str(len(section.body)))
    if room <= 0 and not section.floor_characters:
        return replace(section, body="")
    return replace(
        section, body=shortened(section.body, max(room, section.floor_characters))
    )


def _joined(sections: Sequence[Section]) -> str:
    return "\n\n".join(section.render() for section in sections if section.body)
