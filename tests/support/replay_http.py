"""The chat-completions API over HTTP/1.1, for `ReplayEndpoint`."""

import json
import select
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from support.replay_answers import Answer, Answerer, ChatRequest, Fault, Scripted

_PIECE_CHARACTERS = 40

_ERRORS = {
    Fault.UNAUTHORIZED: (401, "Incorrect API key provided.", "invalid_api_key"),
    Fault.NO_SUCH_MODEL: (404, "The model does not exist.", "model_not_found"),
    Fault.RATE_LIMITED: (429, "Rate limit reached.", "rate_limit_exceeded"),
    Fault.SERVER_ERROR: (500, "The server had an error.", "server_error"),
    Fault.CONTEXT_TOO_LONG: (
        400,
        "This model's maximum context length is 4096 tokens.",
        "context_length_exceeded",
    ),
}


@dataclass(kw_only=True)
class Responder:
    """What all connections of one endpoint share."""

    answer: Answerer
    models: tuple[str, ...]
    key: str | None
    refused_parameters: frozenset[str]
    requests: list[ChatRequest] = field(default_factory=list[ChatRequest])
    n_hung_up: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)


def make_handler(responder: Responder) -> type[BaseHTTPRequestHandler]:
    return type("_Handler", (_Handler,), {"responder": responder})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    responder: Responder

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Be silent: the tests look at `ReplayEndpoint.requests` instead."""

    def do_GET(self) -> None:
        if not self._authorized():
            self._send_error(Fault.UNAUTHORIZED)
        elif self.path == "/v1/models":
            entries = [{"id": id_, "object": "model"} for id_ in self.responder.models]
            self._send_json(200, {"object": "list", "data": entries})
        else:
            self._send_json(404, {"error": {"message": f"no such path {self.path}"}})

    def do_POST(self) -> None:
        n_bytes = int(self.headers["Content-Length"])
        content = self.rfile.read(n_bytes)
        if len(content) < n_bytes:
            # A client that was killed has not said all that it wanted to.
            self.close_connection = True
            return
        body = json.loads(content)
        if self.path != "/v1/chat/completions":
            self._send_json(404, {"error": {"message": f"no such path {self.path}"}})
            return
        request = ChatRequest(body=body, headers=dict(self.headers.items()))
        self.responder.requests.append(request)
        refused = sorted(self.responder.refused_parameters & body.keys())
        if not self._authorized():
            self._send_error(Fault.UNAUTHORIZED)
        elif refused:
            message = f"Unsupported parameter: '{refused[0]}' is not supported."
            self._send_json(400, {"error": {"message": message, "param": refused[0]}})
        else:
            self._answer(request, self.responder.answer(request))

    def _authorized(self) -> bool:
        key = self.responder.key
        return key is None or self.headers["Authorization"] == f"Bearer {key}"

    def _answer(self, request: ChatRequest, answer: Answer) -> None:
        match answer:
            case str():
                self._send_reply(request, Scripted(text=answer))
            case Scripted():
                if answer.delay_seconds:
                    self._wait(answer.delay_seconds)
                self._send_reply(request, answer)
            case Fault.CONTENT_FILTER:
                self._send_reply(request, Scripted(text="", finish="content_filter"))
            case Fault.NO_CHOICES | Fault.ERROR_DOCUMENT | Fault.INVALID:
                self._send_json(*_DOCUMENTS[answer])
            case Fault.HTML | Fault.NESTED:
                self._send(200, *_NO_COMPLETIONS[answer])
            case Fault.DROPPED:
                self.close_connection = True
            case Fault.TRUNCATED | Fault.ERROR_IN_STREAM:
                self._send_broken_stream(answer)
            case Fault.HANG:
                self._wait(None)
                self.close_connection = True
            case _:
                self._send_error(answer)

    def _send_reply(self, request: ChatRequest, reply: Scripted) -> None:
        if not request.stream or reply.ignore_stream:
            self._send_json(200, _completion(request, reply))
            return
        self._start_stream()
        try:
            for chunk in _chunks(request, reply):
                self._send_chunk(f"data: {json.dumps(chunk)}\n\n")
            self._send_chunk("data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            self.responder.n_hung_up += 1
            raise

    def _send_broken_stream(self, fault: Fault) -> None:
        self._start_stream()
        if fault is Fault.ERROR_IN_STREAM:
            self._send_chunk(f"data: {json.dumps(_OVERLOADED)}\n\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        delta = {"role": "assistant", "content": "I would start with"}
        chunk = {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        self._send_chunk(f"data: {json.dumps(chunk)}\n\n")
        # Without the last, empty chunk the body is incomplete by the protocol.
        self.close_connection = True

    def _start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _send_chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send_error(self, fault: Fault) -> None:
        status, message, code = _ERRORS[fault]
        document = {"error": {"message": message, "type": "replay", "code": code}}
        self._send_json(status, document)

    def _send_json(self, status: int, document: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(document).encode())

    def _send(self, status: int, content_type: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def _wait(self, seconds: float | None) -> None:
        """Until the time is over, the endpoint stops, or the client hangs up."""
        pause = 0.02
        waited = 0.0
        while seconds is None or waited < seconds:
            if self.responder.stopped.is_set():
                return
            readable, _, _ = select.select([self.connection], [], [], pause)
            if readable:  # Nothing is sent during a reply but the end of it all.
                self.responder.n_hung_up += 1
                raise ConnectionResetError
            waited += pause


_OVERLOADED = {"error": {"message": "the model is overloaded"}}
_DOCUMENTS: dict[Fault, tuple[int, dict[str, Any]]] = {
    Fault.NO_CHOICES: (200, {"id": "replay", "choices": []}),
    Fault.ERROR_DOCUMENT: (200, _OVERLOADED),
    Fault.INVALID: (422, {"detail": [{"msg": "no such field"}]}),
}
_NO_COMPLETIONS = {
    Fault.HTML: ("text/html", b"<!doctype html><p>Sign in</p>"),
    Fault.NESTED: ("application/json", b"[" * 100_000 + b"]" * 100_000),
}


def _completion(request: ChatRequest, reply: Scripted) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    if reply.thinking:
        message["reasoning_content"] = reply.thinking
    document: dict[str, Any] = {
        "id": "replay",
        "object": "chat.completion",
        "created": 0,
        "model": request.body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
    }
    if reply.with_usage:
        document["usage"] = _usage(request, reply)
    return document


def _chunks(request: ChatRequest, reply: Scripted) -> Iterator[dict[str, Any]]:
    if reply.thinking:
        yield _chunk(request, {"reasoning_content": reply.thinking})
    for start in range(0, len(reply.text), _PIECE_CHARACTERS):
        piece = reply.text[start : start + _PIECE_CHARACTERS]
        yield _chunk(request, {"content": piece})
    yield _chunk(request, {}, finish=reply.finish)
    options: dict[str, bool] = request.body.get("stream_options") or {}
    if reply.with_usage and options.get("include_usage"):
        usage = _usage(request, reply)
        yield {**_chunk(request, {}), "choices": [], "usage": usage}


def _chunk(
    request: ChatRequest, delta: dict[str, str], *, finish: str | None = None
) -> dict[str, Any]:
    return {
        "id": "replay",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": request.body["model"],
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _usage(request: ChatRequest, reply: Scripted) -> dict[str, int]:
    """One token a word: easy to add up in a test."""
    n_prompt = len(request.prompt.split())
    n_reply = len(reply.text.split())
    return {
        "prompt_tokens": n_prompt,
        "completion_tokens": n_reply,
        "total_tokens": n_prompt + n_reply,
    }
