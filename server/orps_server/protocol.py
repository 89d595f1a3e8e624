"""pygls' protocol, with the corners straightened that our clients would notice.

- Positions follow LSP's line ends (buffers.py).
- A fault becomes an error response, never a traceback in a log or on a screen.
- A request that does not parse is answered; pygls only logs it, with its contents.
- A request before `initialize` or after `shutdown` is refused in LSP's words; to pygls
  the one is an internal error, and the other it leaves without an answer.
- `exit` leaves the message loop instead of raising `SystemExit` through it.
"""

from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future
from functools import cache
from typing import Any, cast

import anyio
from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    LanguageServerProtocol,
    default_converter,
    lsp_method,
)
from pygls.protocol.json_rpc import RPCMessage, RPCRequest

from orps_server.buffers import ExactWorkspace
from orps_server.greeting import declared, initialize_result
from orps_server.to_proto import response_error

_SHUT_DOWN = types.ResponseError(
    code=types.ErrorCodes.InvalidRequest, message="The server has been shut down."
)

_NOT_INITIALIZED = types.ResponseError(
    code=types.ErrorCodes.ServerNotInitialized, message="Send `initialize` first."
)


class NoAnswer(Exception):
    """Raised when the client refuses a request of ours, or hangs up."""


class UnreadableAnswer(NoAnswer):
    """Raised when the client's answer is not of the form that the request asks for."""


class OrpsProtocol(LanguageServerProtocol):
    on_exit: Callable[[int], None]
    """Called with the exit status that `exit` asks for; set by the server."""

    greeted: str | int | None = None
    """Id of a request that has its answer already, from the door."""

    def _send_response(
        self,
        msg_id: str | int,
        result: object | None = None,
        error: types.ResponseError | None = None,
    ) -> None:
        if msg_id == self.greeted:
            self.greeted = None
            return
        super()._send_response(msg_id, result, error)

    async def ask(self, method: str, params: object) -> object:
        """Send a request and wait for the answer; safe to cancel.

        The future that pygls holds is never cancelled: a late answer to a cancelled
        one raises inside pygls and is shown as an error (pygls#621).
        """
        answered = anyio.Event()
        future = self.send_request(method, params)
        future.add_done_callback(lambda _: answered.set())
        await answered.wait()
        try:
            return future.result()
        except (JsonRpcException, CancelledError) as error:
            raise NoAnswer(f"{method}: {error}") from error

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        result = yield from super().lsp_initialize(params)
        self._workspace = ExactWorkspace(
            self.workspace.root_uri,
            types.TextDocumentSyncKind.Incremental,
            params.workspace_folders or [],
            result.capabilities.position_encoding,
        )
        client = cast(
            "dict[str, Any]", self._converter.unstructure(params.capabilities)
        )
        answer = initialize_result(client)
        return self._converter.structure(answer, types.InitializeResult)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: object) -> Generator[Any, Any, None]:
        handlers = cast("dict[str, Any]", self.fm.features)  # pyright: ignore[reportUnknownMemberType]
        yield handlers[types.SHUTDOWN], args, None
        # pygls walks over the live dictionary, from which a cancelled request removes
        # itself (pygls#606).
        for msg_id, future in list(self._request_futures.items()):
            if msg_id != self.msg_id and not future.done():
                future.cancel()
        self._shutdown = True

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_args: object) -> Generator[Any, Any, None]:
        yield from ()
        self.on_exit(0 if self._shutdown else 1)

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        error = None if future.cancelled() else future.exception()
        if error is None:
            super()._send_handler_result(future, msg_id=msg_id)
            return
        self._request_futures.pop(msg_id, None)
        self._send_response(msg_id, error=response_error(error))

    def structure_message(self, data: dict[str, Any]) -> object:
        _give_version(data)
        try:
            return super().structure_message(data)
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=response_error(error))
            elif (
                asked := self._request_futures.pop(data.get("id", ""), None)
            ) is not None:
                # Who asked would wait for ever.
                asked.set_exception(UnreadableAnswer("the answer cannot be read"))
            return None

    def handle_message(self, message: object) -> None:
        if message is None:
            return
        if self._shutdown and isinstance(message, RPCRequest):
            self._send_response(message.id, error=_SHUT_DOWN)
            return
        is_early = self._workspace is None and _method(message) != types.INITIALIZE
        if is_early and isinstance(message, RPCRequest):
            self._send_response(message.id, error=_NOT_INITIALIZED)
            return
        super().handle_message(cast("RPCMessage", message))


def _give_version(data: dict[str, Any]) -> None:
    """A document without a version is an open one all the same."""
    if data.get("method") in _VERSIONED:
        document = declared(data, "params", "textDocument")
        if isinstance(document, dict):
            fields = cast("dict[str, Any]", document)
            fields["version"] = fields.get("version") or 0


_VERSIONED = frozenset({types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE})


def _method(message: object) -> str | None:
    return getattr(message, "method", None)


@cache
def converter() -> Converter:
    """One for the process, since it compiles code for each type that it meets.

    Like pygls' own, but parameters of custom messages stay plain JSON.
    """
    made = default_converter()
    made.register_structure_hook(
        JsonRPCRequestMessage,
        lambda message, cls: cls(
            id=message["id"],
            method=message["method"],
            jsonrpc=message["jsonrpc"],
            params=message.get("params"),
        ),
    )
    made.register_structure_hook(
        JsonRPCNotification,
        lambda message, cls: cls(
            method=message["method"],
            jsonrpc=message["jsonrpc"],
            params=message.get("params"),
        ),
    )
    return made
