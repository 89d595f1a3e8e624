"""A small LSP client that leaves nothing to chance.

It keeps what the server sends, answers what the server asks, and edits its own texts
by the encoding it negotiated, with arithmetic of its own: on encoded bytes, so that a
mistake in the server's positions cannot cancel itself out here.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import anyio

Json = dict[str, Any]

_WIDTHS = {
    "utf-8": ("utf-8", 1),
    "utf-16": ("utf-16-le", 2),
    "utf-32": ("utf-32-le", 4),
}
PATIENCE_SECONDS = 30


class LspError(Exception):
    """An error response."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.data: Json = error.get("data") or {}


class Wire(Protocol):
    def send(self, data: bytes) -> None: ...


class LspClient:
    """Give it a `wire`, feed it what arrives."""

    def __init__(self, capabilities: Json) -> None:
        self.capabilities = capabilities
        self.encoding = "utf-16"
        self.wire: Wire
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.received: list[Json] = []
        """Notifications and requests of the server, in the order of arrival."""
        self.configuration: Callable[[Json], Any] = lambda item: None
        self.answers: dict[str, Callable[[Any], Any]] = {
            "workspace/applyEdit": self._apply_edit,
            # A person who agrees, and wants to be asked again.
            "window/showMessageRequest": _agree_once,
            "workspace/configuration": lambda params: [
                self.configuration(item) for item in params["items"]
            ],
        }
        self.refused: set[str] = set()
        """Methods of the server's requests that are answered with an error."""
        self.unanswered: set[str] = set()
        """Methods of the server's requests that are left open."""
        self._buffer = b""
        self.responses: dict[int, Json] = {}
        self._n_requests = 0
        self._news = anyio.Event()

    # Talking.

    async def initialize(self, root: Path, **params: Any) -> Json:
        result = await self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": root.as_uri(),
                "workspaceFolders": [{"uri": root.as_uri(), "name": root.name}],
                "capabilities": self.capabilities,
                **params,
            },
        )
        self.greeting: Json = result
        self.encoding = result["capabilities"].get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return result

    async def request(self, method: str, params: Any) -> Any:
        self._n_requests += 1
        number = self._n_requests
        self._send({"id": number, "method": method, "params": params})
        await self.until(lambda: number in self.responses)
        response = self.responses.pop(number)
        if "error" in response:
            raise LspError(response["error"])
        return response.get("result")

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    async def command(self, name: str, *arguments: Any) -> Any:
        params = {"command": name, "arguments": list(arguments)}
        return await self.request("workspace/executeCommand", params)

    async def leave(self) -> None:
        with suppress(LspError):
            await self.request("shutdown", None)
        self.notify("exit", None)

    # Documents.

    def open(self, path: Path, text: str | None = None) -> str:
        uri = path.as_uri()
        self.texts[uri] = path.read_bytes().decode() if text is None else text
        self.versions[uri] = 0
        item = {
            "uri": uri,
            "languageId": "python",
            "version": 0,
            "text": self.texts[uri],
        }
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def replace(self, uri: str, old: str, new: str) -> None:
        """Type over the one place that reads `old`."""
        text = self.texts[uri]
        assert text.count(old) == 1, f"{old!r} is not unique"
        start = text.index(old)
        self.type(uri, start, start + len(old), new)

    def type(self, uri: str, start: int, end: int, new: str) -> None:
        """Replace what stands between two offsets."""
        edit_range = {
            "start": self.position(uri, start),
            "end": self.position(uri, end),
        }
        text = self.texts[uri]
        self.texts[uri] = text[:start] + new + text[end:]
        self.versions[uri] += 1
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": self.versions[uri]},
                "contentChanges": [{"range": edit_range, "text": new}],
            },
        )

    def position(self, uri: str, offset: int) -> Json:
        """For texts whose lines end in LF or CRLF."""
        codec, width = _WIDTHS[self.encoding]
        before = self.texts[uri][:offset]
        line = before.rpartition("\n")[2]
        return {
            "line": before.count("\n"),
            "character": len(line.encode(codec)) // width,
        }

    def apply(self, edit: Json) -> None:
        """Make a workspace edit, as the editor would."""
        for uri, edits in _edits_by_document(edit, self.versions):
            text = self.texts[uri]
            places = [
                (
                    self._offset(text, item["range"]["start"]),
                    self._offset(text, item["range"]["end"]),
                    item["newText"],
                )
                for item in edits
            ]
            for start, end, new in sorted(places, reverse=True):
                text = text[:start] + new + text[end:]
            self.texts[uri] = text
            self.versions[uri] += 1
            self.notify(
                "textDocument/didChange",
                {
                    "textDocument": {"uri": uri, "version": self.versions[uri]},
                    "contentChanges": [{"text": text}],
                },
            )

    async def actions(self, uri: str, at: str, **context: Any) -> list[Json]:
        """The code actions where the text reads `at`."""
        position = self.position(uri, self.texts[uri].index(at))
        params: Json = {
            "textDocument": {"uri": uri},
            "range": {"start": position, "end": position},
            "context": {"diagnostics": [], **context},
        }
        return await self.request("textDocument/codeAction", params) or []

    # Listening.

    def messages(self, method: str) -> list[Any]:
        return [m.get("params") for m in self.received if m["method"] == method]

    async def message(
        self, method: str, accept: Callable[[Any], bool] = lambda params: True
    ) -> Any:
        """Wait for a message of the server, which may have come already."""
        found: list[Any] = []

        def arrived() -> bool:
            found[:] = [m for m in self.messages(method) if accept(m)]
            return bool(found)

        await self.until(arrived)
        return found[0]

    async def until(self, condition: Callable[[], bool]) -> None:
        with anyio.fail_after(PATIENCE_SECONDS):
            while not condition():
                await self._news.wait()

    def feed(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            headers = dict(
                line.decode().lower().split(": ", 1) for line in head.split(b"\r\n")
            )
            length = int(headers["content-length"])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            self._receive(json.loads(rest[:length]))

    def _receive(self, message: Json) -> None:
        if "method" not in message:
            self.responses[message["id"]] = message
        else:
            self.received.append(message)
            if "id" in message:
                self._answer(message)
        self._news.set()
        self._news = anyio.Event()

    def _answer(self, message: Json) -> None:
        method = message["method"]
        if method in self.unanswered:
            return
        if method in self.refused:
            error = {"code": -32603, "message": "refused"}
            self._send({"id": message["id"], "error": error})
            return
        answer = self.answers.get(method, lambda params: None)
        result = answer(message.get("params"))
        self._send({"id": message["id"], "result": result})

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.wire.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def _apply_edit(self, params: Json) -> Json:
        self.apply(params["edit"])
        return {"applied": True}

    def _offset(self, text: str, position: Json) -> int:
        codec, width = _WIDTHS[self.encoding]
        lines = text.split("\n")
        number: int = position["line"]
        before = "".join(line + "\n" for line in lines[:number])
        encoded = lines[number].encode(codec)
        return len(before) + len(encoded[: position["character"] * width].decode(codec))


def _edits_by_document(edit: Json, versions: dict[str, int]) -> list[tuple[str, Any]]:
    if "documentChanges" not in edit:
        return list(edit["changes"].items())
    for change in edit["documentChanges"]:
        document = change["textDocument"]
        assert document["version"] == versions[document["uri"]], "an edit of old text"
    return [(c["textDocument"]["uri"], c["edits"]) for c in edit["documentChanges"]]


def _agree_once(params: Json) -> Json:
    wanted = ("Allow once", "Trust this project")
    return next(item for item in params["actions"] if item["title"] in wanted)
