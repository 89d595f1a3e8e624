"""Messages that no editor sends, and edits that one might; each request counted."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from support.lsp_client import Json, LspClient

FILES = ("shapes.py", "other.py", "test_shapes.py")
TEXT = """\
import os


def area(width, height):
    \"\"\"Of a rectangle. 😀\"\"\"
    ...


class Box:
    def side(self):
        raise NotImplementedError
"""
METHODS = (
    "textDocument/codeAction",
    "codeAction/resolve",
    "textDocument/codeLens",
    "textDocument/hover",
    "textDocument/inlayHint",
    "textDocument/inlineCompletion",
    "workspace/textDocumentContent",
    "workspace/executeCommand",
    "orps/searches",
    "orps/candidate",
    "orps/prompt",
    "orps/setSecret",
    "orps/tree",
    "textDocument/definition",
    "initialize",
    "no/such/method",
)
NOTIFICATIONS = (
    "initialized",
    "$/setTrace",
    "$/cancelRequest",
    "$/progress",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didSave",
    "textDocument/didClose",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "workspace/didChangeWorkspaceFolders",
    "workspace/didRenameFiles",
    "window/workDoneProgress/cancel",
    "no/such/notification",
)
COMMANDS = (
    "orps.generate",
    "orps.cancel",
    "orps.resume",
    "orps.apply",
    "orps.preview",
    "orps.reverify",
    "orps.dismiss",
    "orps.report",
    "orps.critique",
    "orps.status",
    "orps.unknown",
)

_words = st.sampled_from(
    (
        "",
        "area",
        "Box.side",
        "c1",
        "c2",
        "file:///m.py",
        "orps:/report/x/y.md",
        "😀",
        "\0",
    )
)
_numbers = st.integers(-3, 40) | st.sampled_from((2**31, -(2**40), 2**70))
_leaves = st.none() | st.booleans() | _numbers | st.floats(allow_nan=False) | _words
junk = st.recursive(
    _leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("uri", "line", "character", "data", "x", "textDocument")),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = (
    "textDocument",
    "position",
    "range",
    "context",
    "uri",
    "name",
    "searchId",
    "candidateId",
    "data",
    "title",
    "settings",
    "event",
    "files",
    "contentChanges",
)


def places() -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"line": _numbers, "character": _numbers})


def sensible(uris: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    """Parameters that most methods find what they need in."""
    return st.fixed_dictionaries(
        {
            "textDocument": st.fixed_dictionaries(
                {"uri": uris, "version": _numbers, "languageId": _words, "text": _words}
            ),
            "uri": uris,
            "position": places(),
            "range": st.fixed_dictionaries({"start": places(), "end": places()}),
            "context": st.fixed_dictionaries(
                {"diagnostics": st.just([]), "triggerKind": st.sampled_from((1, 2))}
            ),
        },
        optional={
            "name": st.sampled_from(("area", "Box.side", "nobody")),
            "searchId": _words,
            "candidateId": st.sampled_from(("c1", "c2", "c9")),
            "title": _words,
            "data": st.fixed_dictionaries(
                {
                    "v": st.just(1),
                    "op": st.sampled_from(("apply", "replace")),
                    "s": _words,
                    "c": _words,
                }
            ),
        },
    )


def mutated(params: st.SearchStrategy[Json]) -> st.SearchStrategy[object]:
    """The same with a member replaced by anything, or left out; or anything at all."""

    def change(change: tuple[Json, str, object, bool]) -> Json:
        known, key, value, drop = change
        rest = {name: each for name, each in known.items() if name != key}
        return rest if drop else {**rest, key: value}

    keys = st.sampled_from(KEYS)
    return st.tuples(params, keys, junk, st.booleans()).map(change) | junk


class CountingClient(LspClient):
    """Remembers how often each of its requests was answered."""

    def __init__(self, capabilities: Json) -> None:
        super().__init__(capabilities)
        self.asked: list[str] = []
        self.n_answers: Counter[str] = Counter()

    def ask(self, method: str, params: object) -> None:
        """Send a request without waiting for its answer."""
        number = f"fuzz {len(self.asked)}"
        self.asked.append(number)
        self.raw({"id": number, "method": method, "params": params})

    def raw(self, message: Mapping[str, Any]) -> None:
        self.body(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def body(self, body: bytes) -> None:
        self.wire.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def feed(self, data: bytes) -> None:
        super().feed(data)
        for number in [n for n in self.responses if str(n).startswith("fuzz ")]:
            self.n_answers[str(number)] += 1
            del self.responses[number]
        # A long campaign keeps nothing but the counts.
        del self.received[:-50]
