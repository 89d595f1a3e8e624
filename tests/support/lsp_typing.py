"""A person who types anything anywhere, and what may become of their file."""

import ast
from dataclasses import dataclass
from typing import assert_never

from hypothesis import strategies as st

from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target
from orps_search.source.target import Target
from support.lsp_client import Json, LspClient, LspError

NAME = "area"
FILE = '''\
import os


def before():
    return "ß€😀"


def area(width, height):
    """Of a rectangle."""
    ...


class After:
    def area(self):
        return 1


last = 1
'''
BODIES = ("return width * height", "total = width\nreturn total * height", "return 0")
LINES = (
    "",
    "    ...",
    "    pass",
    "    return 0",
    "x = 1",
    "😀 = 'ß€'",
    "def area(width, height):",
    "def area(width, height, depth=1):",
    '    """Of a rectangle."""',
    '    """Of a box."""',
    "    return width * height",
    "import math",
    "@cache",
    "# 😀",
    "if True:",
    "'''",
    "(",
    "class area: ...",
    "def after(): ...",
)


@dataclass(frozen=True)
class Type:
    """Replace a stretch of text, both ends given as shares of its length."""

    start: float
    n_deleted: int
    text: str


@dataclass(frozen=True)
class Line:
    """Replace a line, or put one before it."""

    at: float
    line: str
    keeps: bool


@dataclass(frozen=True)
class Undo:
    """Take the last change of the text back, also an applied candidate."""


@dataclass(frozen=True)
class Find:
    """The search finds its next candidate."""


@dataclass(frozen=True)
class Apply:
    """Take a candidate, by its action or by the command."""

    candidate: int
    by_command: bool
    typed_meanwhile: Line | None = None
    """Typed after the editor has been sent the edit, before it looks at it."""


Gesture = Type | Line | Undo | Find | Apply

_shares = st.floats(0, 1, exclude_max=True)
_lines = st.builds(Line, at=_shares, line=st.sampled_from(LINES), keeps=st.booleans())
gestures = st.one_of(
    st.builds(
        Type,
        start=_shares,
        n_deleted=st.integers(0, 6),
        text=st.text(alphabet="ax:() \n'\t😀", max_size=4),
    ),
    _lines,
    st.just(Undo()),
    st.just(Find()),
    st.builds(
        Apply,
        candidate=st.integers(0, len(BODIES) - 1),
        by_command=st.booleans(),
        typed_meanwhile=st.none() | _lines,
    ),
)


class Person:
    """Makes gestures in one file; every one of them must leave it in order."""

    def __init__(self, client: LspClient, uri: str, search: str) -> None:
        self.client = client
        self.uri = uri
        self.search = search
        self.n_found = 0
        self.n_applied = 0
        self._history: list[str] = []
        self._meanwhile: Line | None = None
        self._asked: list[tuple[str, str]] = []
        client.answers["workspace/applyEdit"] = self._edit

    @property
    def text(self) -> str:
        return self.client.texts[self.uri]

    async def make(self, gesture: Gesture) -> None:
        match gesture:
            case Type():
                start = int(gesture.start * len(self.text))
                end = min(len(self.text), start + gesture.n_deleted)
                self._type(start, end, gesture.text)
            case Line():
                self._line(gesture)
            case Undo():
                if self._history:
                    self._type(0, len(self.text), self._history.pop(), undo=True)
            case Find():
                # The test lets the search go on.
                self.n_found += 1
            case Apply():
                await self._apply(gesture)
            case _:
                assert_never(gesture)

    async def _apply(self, gesture: Apply) -> None:
        before, n_applied = self.text, self.n_applied
        self._meanwhile = gesture.typed_meanwhile
        refusal: LspError | None = None
        try:
            if gesture.by_command:
                await self._by_command(gesture.candidate)
            else:
                await self._by_action(gesture.candidate)
        except LspError as error:
            refusal = error
        self._meanwhile = None
        # Stale, or no such candidate yet: never a fault of the server's own.
        assert refusal is None or refusal.code in (-32801, -32602, -32803), refusal
        for old, new in self._asked:
            check_only_the_body_changed(old, new, gesture.candidate)
            assert _target(old).source in OURS, "somebody's work was replaced"
        if refusal and gesture.typed_meanwhile is None:
            assert self.text == before
            is_known = gesture.candidate < self.n_found
            assert not (is_known and self._is_ours(before)), "refused without a reason"
        if self._asked:
            self.n_applied = n_applied + 1
        self._asked.clear()

    async def _by_action(self, candidate: int) -> None:
        action = {
            "title": "ORPS",
            "data": {"v": 1, "op": "apply", "s": self.search, "c": f"c{candidate}"},
        }
        resolved = await self.client.request("codeAction/resolve", action)
        self._edit(resolved)

    async def _by_command(self, candidate: int) -> None:
        ref = {"searchId": self.search, "candidateId": f"c{candidate}"}
        await self.client.command("orps.apply", ref)

    def _edit(self, params: Json) -> Json:
        """What an editor does with an edit: none of an older version is made."""
        (change,) = params["edit"]["documentChanges"]
        if self._meanwhile:
            self._line(self._meanwhile)
            self._meanwhile = None
        document = change["textDocument"]
        if document["version"] != self.client.versions[document["uri"]]:
            return {"applied": False, "failureReason": "the text has changed"}
        before = self.text
        self.client.apply(params["edit"])
        self._history.append(before)
        self._asked.append((before, self.text))
        return {"applied": True}

    def _is_ours(self, text: str) -> bool:
        """Nobody has touched the function, and nothing around it is in the way."""
        try:
            ast.parse(text)
        except SyntaxError:
            return False
        target = find_target(text, NAME)
        if isinstance(target, TargetFault):
            return False
        return target.source == _target(FILE).source

    def _line(self, gesture: Line) -> None:
        lines = self.text.split("\n")
        at = int(gesture.at * len(lines))
        start = sum(len(line) + 1 for line in lines[:at])
        end = start if gesture.keeps else start + len(lines[at])
        self._type(start, end, gesture.line + ("\n" if gesture.keeps else ""))

    def _type(self, start: int, end: int, text: str, *, undo: bool = False) -> None:
        if not undo:
            self._history.append(self.text)
        self.client.type(self.uri, start, end, text)


def check_only_the_body_changed(before: str, after: str, candidate: int) -> None:
    """`after` is `before` with exactly the target's body replaced by the candidate's."""
    old, new = _target(before), _target(after)
    assert after[new.end :] == before[old.end :], "text below the body has changed"
    assert after[: new.body_start] == before[: old.body_start], "text above has changed"
    assert (new.header, new.docstring) == (old.header, old.docstring)
    body = after[new.body_start : new.end]
    kept = body.partition("\n")[0]
    assert kept.strip() == "" or kept.lstrip().startswith("#"), (
        "not on a line of its own"
    )
    written = [line.strip() for line in body.split("\n")[1:]]
    assert written == BODIES[candidate].split("\n")


def _target(text: str) -> Target:
    target = find_target(text, NAME)
    assert isinstance(target, Target), target
    return target


OURS = {
    _target(FILE).source,
    *(
        _target(FILE).source.replace("...", body.replace("\n", "\n    "))
        for body in BODIES
    ),
}
"""How the function reads before anybody has written into it."""
