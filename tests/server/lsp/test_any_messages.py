"""Whatever is sent: no crash, and no request without its one answer.

`ORPS_FUZZ_MESSAGES` says how many messages; 20,000 take some minutes.
"""

import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import anyio
import anyio.from_thread
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from support.lsp_client import LspError
from support.lsp_fuzz import (
    COMMANDS,
    FILES,
    METHODS,
    NOTIFICATIONS,
    TEXT,
    CountingClient,
    junk,
    mutated,
    sensible,
)
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate
from support.lsp_profiles import ALE, EGLOT_1_17, VSCODE_FULL

N_MESSAGES = int(os.environ.get("ORPS_FUZZ_MESSAGES", "600"))
N_STEPS = 50
ANSWER_SECONDS = 30
FOUND = (
    candidate("c1", "def area(width, height):\n    return width * height\n"),
    candidate("c2", "def area(width, height):\n    return width\n", verdicts=".F"),
)
URIS = tuple(f"file:///{name}" for name in FILES)
uris = st.sampled_from((*URIS, "untitled:1", "file:///nowhere.py", "not a uri", ""))


class Messages(RuleBasedStateMachine):
    """One editor and one server; both live until the sequence ends."""

    def __init__(self) -> None:
        super().__init__()
        self._is_connected = False
        self._portal_context = anyio.from_thread.start_blocking_portal()
        self._portal = self._portal_context.__enter__()
        self._folder = tempfile.TemporaryDirectory()

    @initialize(capabilities=st.sampled_from((VSCODE_FULL, EGLOT_1_17, ALE, {})))
    def connect(self, capabilities: dict[str, Any]) -> None:
        self._path = Path(self._folder.name).resolve()
        for name in FILES:
            (self._path / name).write_bytes(TEXT.encode())
        self._portal.call(self._prepare, capabilities)
        self._task = self._portal.start_task_soon(self._serve, capabilities)
        self._portal.call(self._ready.wait)
        self._is_connected = True

    @rule(
        method=st.sampled_from(METHODS),
        params=sensible(uris) | mutated(sensible(uris)),
    )
    def request(self, method: str, params: object) -> None:
        self._send(lambda: self.client.ask(method, self._real(params)))

    @rule(
        name=st.sampled_from(COMMANDS),
        arguments=st.lists(sensible(uris) | mutated(sensible(uris)), max_size=2),
    )
    def command(self, name: str, arguments: list[object]) -> None:
        params = {"command": name, "arguments": self._real(arguments)}
        self._send(lambda: self.client.ask("workspace/executeCommand", params))

    @rule(
        method=st.sampled_from(NOTIFICATIONS),
        params=sensible(uris) | mutated(sensible(uris)),
    )
    def notification(self, method: str, params: object) -> None:
        params = self._real(params)
        self._send(lambda: self.client.raw({"method": method, "params": params}))

    @rule(body=st.binary(max_size=20) | junk.map(lambda value: repr(value).encode()))
    def garbage(self, body: bytes) -> None:
        self._send(lambda: self.client.body(body))

    @rule(
        name=st.sampled_from(FILES),
        share=st.floats(0, 1),
        n=st.integers(0, 5),
        text=st.text(alphabet="a:() \n😀\t", max_size=5),
    )
    def edit(self, name: str, share: float, n: int, text: str) -> None:
        uri = (self._path / name).as_uri()

        def change() -> None:
            if uri not in self.client.texts:
                self.client.open(self._path / name, TEXT)
            length = len(self.client.texts[uri])
            start = int(share * length)
            self.client.type(uri, start, min(length, start + n), text)

        self._send(change)

    @rule()
    def generate(self) -> None:
        function = {"uri": (self._path / FILES[0]).as_uri(), "name": "area"}
        params = {"command": "orps.generate", "arguments": [function]}
        self._send(lambda: self.client.ask("workspace/executeCommand", params))

    @rule(which=st.integers(0, 30))
    def cancel(self, which: int) -> None:
        params = {"id": f"fuzz {max(0, len(self.client.asked) - which)}"}
        self._send(
            lambda: self.client.raw({"method": "$/cancelRequest", "params": params})
        )

    def teardown(self) -> None:
        try:
            if self._is_connected:
                self._portal.call(self._finish)
                self._task.result(timeout=ANSWER_SECONDS)
        finally:
            self._portal_context.__exit__(None, None, None)
            self._folder.cleanup()

    def _send(self, act: Any) -> None:
        self._portal.call(act)

    def _real(self, value: Any) -> Any:
        """The same with the URIs of files that exist."""
        if isinstance(value, str) and value in URIS:
            return (self._path / value.rpartition("/")[2]).as_uri()
        if isinstance(value, list):
            return [self._real(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
        if isinstance(value, dict):
            return {key: self._real(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
        return value

    async def _prepare(self, capabilities: dict[str, Any]) -> None:
        self.client = CountingClient(capabilities)
        self._leave, self._ready = anyio.Event(), anyio.Event()

    async def _serve(self, capabilities: dict[str, Any]) -> None:
        job = FakeJob(FOUND)
        try:
            async with connected(
                capabilities, self._path, job, client=self.client, idle_seconds=0.01
            ):
                self._ready.set()
                await self._leave.wait()
        finally:
            self._ready.set()

    async def _finish(self) -> None:
        """It still answers, it has answered everything once, and it can leave."""
        with anyio.fail_after(ANSWER_SECONDS):
            try:
                status = await self.client.command("orps.status")
            except LspError as error:
                raise AssertionError(str(error)) from error
            assert status["health"] == "ok"
            await self.client.until(
                lambda: len(self.client.n_answers) == len(self.client.asked)
            )
        assert set(self.client.n_answers.values()) <= {1}
        self._leave.set()


class Tracebacks(logging.Handler):
    """Whose bugs were logged; keeps no record, which would keep a whole server."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.ours: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.name.startswith("orps"):
            self.ours.append(record.getMessage())


@pytest.fixture
def tracebacks(monkeypatch: pytest.MonkeyPatch) -> Tracebacks:
    handler = Tracebacks()
    for name in ("orps_server", "pygls"):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "propagate", False)
        monkeypatch.setattr(logger, "handlers", [handler])
    return handler


@pytest.mark.timeout(3600)
def test_every_request_is_answered_once(
    tracebacks: Tracebacks, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    chosen = settings(
        max_examples=max(1, N_MESSAGES // N_STEPS),
        stateful_step_count=N_STEPS,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    run_state_machine_as_test(Messages, settings=chosen)
    # Bad parameters are the sender's fault; a traceback would be ours.
    assert not tracebacks.ours
