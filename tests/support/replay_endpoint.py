"""A real HTTP server on loopback that speaks the chat-completions API.

It answers `POST /v1/chat/completions` (streamed or not, with usage) and
`GET /v1/models`, and misbehaves on demand. Test and benchmark support only.

In a test:

    with ReplayEndpoint(["first reply", Fault.SERVER_ERROR, "second"]) as endpoint:
        settings = ModelSettings(base_url=endpoint.url, model="replay")
        ...
        assert endpoint.requests[0].prompt.startswith("You are")

The script is a sequence of answers, or a function from `ChatRequest` to an answer.
An answer is a text, a `Scripted` (text with finish reason, usage, thinking, or
delay) or a `Fault`. A sequence that is used up answers its last text again.

As a process, for end-to-end tests:

    python -m support.replay_endpoint --port 0 --replies FILE.jsonl
    python -m support.replay_endpoint --recordings REPLAYS.jsonl.gz --problems P.jsonl

prints `http://127.0.0.1:PORT/v1` as its first line on stdout and serves until its
stdin is closed (so give it a pipe) or it is killed. A line of FILE.jsonl is an answer in order:
`{"text": "..."}` with optional `finish`, `thinking`, `delay_seconds`, or
`{"fault": "server-error"}`; a line with `"role": "critic"` or `"role":
"programmer"` is only used for requests of that role, in order of its own.
Run it in the folder `tests/`, or with that folder on PYTHONPATH.
"""

import argparse
import sys
import threading
from collections.abc import Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Self

from support.replay_answers import Script, by_role, in_order, load_answers
from support.replay_http import ChatRequest, Responder, make_handler
from support.replay_recordings import Recordings

API_KEY = "replay-key"
"""The key that `require_key` endpoints accept."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # A client that hangs up in the middle is what many tests are about.
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            super().handle_error(request, client_address)  # pyright: ignore[reportArgumentType]


class ReplayEndpoint:
    """Serve from a thread while the `with` block runs."""

    def __init__(
        self,
        script: Script,
        *,
        models: Sequence[str] = ("replay",),
        require_key: bool = False,
        refused_parameters: Sequence[str] = (),
        port: int = 0,
    ) -> None:
        self._responder = Responder(
            answer=script if callable(script) else in_order(script),
            models=tuple(models),
            key=API_KEY if require_key else None,
            refused_parameters=frozenset(refused_parameters),
        )
        self._server = _Server(("127.0.0.1", port), make_handler(self._responder))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """The base URL, up to and with `/v1`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> tuple[ChatRequest, ...]:
        """Chat requests so far, also those that were answered with a fault."""
        return tuple(self._responder.requests)

    @property
    def n_hung_up(self) -> int:
        """Answers that the client did not wait for."""
        return self._responder.n_hung_up

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._responder.stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)


def _script(arguments: argparse.Namespace) -> Script:
    if arguments.recordings is not None:
        return Recordings.load(arguments.recordings, arguments.problems).answer
    return by_role(load_answers(arguments.replies.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve scripted or recorded replies.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--model", action="append", default=None)
    parser.add_argument("--require-key", action="store_true")
    parser.add_argument("--refuse", action="append", default=[], metavar="PARAMETER")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--replies", type=Path)
    source.add_argument("--recordings", type=Path)
    parser.add_argument("--problems", type=Path, help="for --recordings")
    arguments = parser.parse_args()
    endpoint = ReplayEndpoint(
        _script(arguments),
        models=arguments.model or ("replay",),
        require_key=arguments.require_key,
        refused_parameters=arguments.refuse,
        port=arguments.port,
    )
    with endpoint:
        sys.stdout.write(endpoint.url + "\n")
        sys.stdout.flush()
        # The one who started it holds the other end of stdin: no orphan outlives a
        # test that was killed.
        sys.stdin.read()


if __name__ == "__main__":
    main()
