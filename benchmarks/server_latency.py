"""How long an editor waits for us while searches run, beside two peers at rest.

With 0, 1 and 4 searches running: p50 and p99 of hover, code action, resolve and didChange
(with the lenses asked for behind it). Then what a start costs, here and for
python-lsp-server and jedi-language-server, which are installed into an environment of
their own: seconds to the answer of `initialize`, and memory when that is all there was,
after a first hover and code action, and with searches running. All in one process, in
turn, so that a noisy machine disturbs all alike.

    python benchmarks/server_latency.py [--samples 200] [--starts 5] [--json]
"""

import argparse
import json
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.replay_endpoint import ReplayEndpoint

Json = dict[str, Any]

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "build" / "peers"
PACKAGES = {
    "python-lsp-server": ("pylsp",),
    "jedi-language-server": ("jedi-language-server",),
}
LOADS = (0, 1, 4)
MIB = 1024 * 1024
PATIENCE_SECONDS = 120
BAR_SECONDS = 0.05
BAR_RATIO = 3.0

SOLVABLE = "def add(a, b):\n    ...\n"
ENDLESS = "def puzzle{n}(text):\n    ...\n"
TESTS = """\
from shop import add
{imports}

def test_add():
    assert add(2, 3) == 5
    assert add(-1, 1) == 0
"""
PUZZLE_TEST = """

def test_puzzle{n}():
    assert puzzle{n}("a") == "b"
"""
CAPABILITIES: Json = {
    "workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["refactor"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
BUSY = """\
```python
def puzzle(text):
    while True:
        text = text + text[:1] if len(text) < 1000 else "a"
```
"""
"""What the model answers: a body that keeps a core busy until it is stopped."""


def options() -> Json:
    return {
        "trusted": True,
        "search": {"atATime": max(LOADS), "samples": 64, "rounds": 100},
        "budget": {"maxSecondsPerSearch": 3600, "maxRequestsPerSearch": 1000000},
        "sandbox": {"workers": 1},
    }


class Server:
    """A server on a pipe; requests wait for their answer, all else is kept."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answers: queue.Queue[Json] = queue.Queue()
        self._n_requests = 0
        self._version = 0
        self.hints: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def resident_mib(self) -> float:
        return psutil.Process(self._process.pid).memory_info().rss / MIB

    def initialize(
        self, folder: Path, capabilities: Json, options: Json | None
    ) -> None:
        params = {
            "processId": None,
            "rootUri": folder.as_uri(),
            "capabilities": capabilities,
            "initializationOptions": options,
        }
        self.request("initialize", params)
        self.notify("initialized", {})

    def open(self, file: Path) -> str:
        text = file.read_text()
        document = {"uri": file.as_uri(), "languageId": "python", "text": text}
        self.notify(
            "textDocument/didOpen", {"textDocument": {**document, "version": 0}}
        )
        return file.as_uri()

    def type(self, uri: str) -> None:
        """A space at the end of the file, and gone again."""
        self._version += 1
        start = {"line": 0, "character": 0}
        removed = self._version % 2 == 0
        end = {"line": 0, "character": 1} if removed else start
        change = {
            "range": {"start": start, "end": end},
            "text": "" if removed else "\n",
        }
        if removed:
            change["range"] = {"start": start, "end": {"line": 1, "character": 0}}
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": self._version},
                "contentChanges": [change],
            },
        )

    def request(self, method: str, params: Json) -> Any:  # noqa: ANN401
        self._n_requests += 1
        number = self._n_requests
        self._send({"id": number, "method": method, "params": params})
        while True:
            answer = self._answers.get(timeout=PATIENCE_SECONDS)
            if answer.get("id") == number:
                return answer.get("result")

    def notify(self, method: str, params: Json) -> None:
        self._send({"method": method, "params": params})

    def close(self) -> None:
        psutil_process = psutil.Process(self._process.pid)
        below = psutil_process.children(recursive=True)
        self._process.kill()
        self._process.wait()
        psutil.wait_procs(below, timeout=5)

    def _send(self, message: Json) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout
        stream = self._process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            self._take(json.loads(stream.read(length)))

    def _take(self, message: Json) -> None:
        if "method" not in message:
            self._answers.put(message)
        elif "id" in message:
            self._send({"id": message["id"], "result": None})
        elif message["method"] == "textDocument/publishDiagnostics":
            for hint in message["params"]["diagnostics"]:
                self.hints.put(hint["message"])


@contextmanager
def running(
    command: tuple[str, ...], folder: Path, options: Json | None = None
) -> Iterator[Server]:
    server = Server(command, folder)
    try:
        server.initialize(folder, CAPABILITIES, options)
        yield server
    finally:
        server.close()


def latencies(ours: tuple[str, ...], n_searches: int, n_samples: int) -> Json:
    """Of each request, with so many searches running."""
    with tempfile.TemporaryDirectory() as name:
        folder = project(Path(name).resolve())
        with (
            ReplayEndpoint([BUSY]) as model,
            running(ours, folder, options()) as server,
        ):
            uri = server.open(folder / "shop.py")
            generate(server, uri, "add", {})
            wait_for(server, "best passes")
            for number in range(n_searches):
                puzzle = server.open(folder / f"puzzle{number}.py")
                generate(
                    server,
                    puzzle,
                    f"puzzle{number}",
                    {"llm": {"baseUrl": model.url, "model": "replay"}},
                )
            wait_until_running(server, n_searches)
            requests = asked(server, uri)
            rounds = [
                {kind: timed(ask) for kind, ask in requests.items()}
                for _ in range(n_samples)
            ]
            measured = {kind: [each[kind] for each in rounds] for kind in requests}
            wait_until_running(server, n_searches)
            return {
                "requests": {kind: summary(times) for kind, times in measured.items()},
                "residentMib": round(server.resident_mib, 1),
            }


def asked(server: Server, uri: str) -> dict[str, Callable[[], Any]]:
    document = {"textDocument": {"uri": uri}}
    place = {"line": 0, "character": 5}
    action_params = {
        **document,
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    actions = server.request("textDocument/codeAction", action_params)
    (best,) = [each for each in actions if each["title"].startswith("ORPS #1")]

    def change() -> None:
        server.type(uri)
        server.request("textDocument/codeLens", document)

    return {
        "hover": lambda: server.request(
            "textDocument/hover", {**document, "position": place}
        ),
        "codeAction": lambda: server.request("textDocument/codeAction", action_params),
        "resolve": lambda: server.request("codeAction/resolve", best),
        "didChange": change,
    }


def generate(server: Server, uri: str, function: str, overrides: Json) -> None:
    arguments = [{"uri": uri, "name": function, "overrides": overrides}]
    server.request(
        "workspace/executeCommand",
        {"command": "orps.generate", "arguments": arguments},
    )


def wait_for(server: Server, words: str) -> None:
    while words not in (hint := server.hints.get(timeout=PATIENCE_SECONDS)):
        if "failed" in hint:
            raise SystemExit(hint)


def wait_until_running(server: Server, n_searches: int) -> None:
    """They have begun, and none has ended yet."""
    status = server.request("workspace/executeCommand", {"command": "orps.status"})
    if status["searches"]["running"] != n_searches:
        raise SystemExit(f"expected {n_searches} running searches: {status}")
    time.sleep(3 if n_searches else 0)


def timed(ask: Callable[[], Any]) -> float:
    start = time.perf_counter()
    ask()
    seconds = time.perf_counter() - start
    # A person pauses; requests back to back would measure only themselves.
    time.sleep(0.005)
    return seconds


def summary(times: list[float]) -> Json:
    ranked = sorted(times)
    return {
        "p50": statistics.median(ranked),
        "p99": ranked[min(len(ranked) - 1, int(0.99 * len(ranked)))],
    }


def start_up(command_line: tuple[str, ...]) -> Json:
    """Seconds to the answer of `initialize`; memory then, and after first requests."""
    with tempfile.TemporaryDirectory() as name:
        folder = project(Path(name).resolve())
        begun = time.perf_counter()
        with running(command_line, folder) as server:
            seconds = time.perf_counter() - begun
            uri = server.open(folder / "shop.py")
            time.sleep(1)
            idle = server.resident_mib
            place = {"line": 0, "character": 5}
            document = {"textDocument": {"uri": uri}}
            first = timed(
                lambda: server.request(
                    "textDocument/hover", {**document, "position": place}
                )
            )
            context = {"diagnostics": []}
            spot = {"range": {"start": place, "end": place}, "context": context}
            server.request("textDocument/codeAction", {**document, **spot})
            time.sleep(1)
            return {
                "startSeconds": seconds,
                "idleMib": idle,
                "firstHoverSeconds": first,
                "askedMib": server.resident_mib,
            }


def project(folder: Path) -> Path:
    (folder / "pyproject.toml").write_text("[project]\nname = 'shop'\n")
    (folder / "shop.py").write_text(SOLVABLE)
    numbers = range(max(LOADS))
    imports = "".join(f"from puzzle{n} import puzzle{n}\n" for n in numbers)
    puzzles = "".join(PUZZLE_TEST.format(n=n) for n in numbers)
    (folder / "test_shop.py").write_text(TESTS.format(imports=imports) + puzzles)
    for n in numbers:
        (folder / f"puzzle{n}.py").write_text(ENDLESS.format(n=n))
    return folder


def peers() -> dict[str, tuple[str, ...]]:
    """The other servers, in an environment that is made once."""
    binaries = PEERS / ("Scripts" if sys.platform == "win32" else "bin")
    if not (binaries / "pylsp").exists():
        venv.create(PEERS, with_pip=True)
        install = [str(binaries / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, *PACKAGES], check=True, stderr=subprocess.DEVNULL)
    return {
        package: (str(binaries / program), *arguments)
        for package, (program, *arguments) in PACKAGES.items()
    }


def bars(loads: Json, starts: Json) -> Json:
    """What we promise, and whether this run kept it."""
    idle, busy = loads["0"]["requests"], loads["4"]["requests"]
    allowed = {kind: max(BAR_SECONDS, BAR_RATIO * idle[kind]["p99"]) for kind in busy}
    ours, other = starts["orps-lsp"], starts["python-lsp-server"]
    return {
        "p99WithFourSearches": all(
            busy[kind]["p99"] <= seconds for kind, seconds in allowed.items()
        ),
        "startBelowPythonLspServer": ours["startSeconds"] < other["startSeconds"],
        "idleMemoryBelowPythonLspServer": ours["idleMib"] < other["idleMib"],
    }


def show(result: Json) -> None:
    print(f"{'searches':>8} {'request':12} {'p50 ms':>8} {'p99 ms':>8}")
    for load, measured in result["loads"].items():
        for kind, times in measured["requests"].items():
            p50, p99 = times["p50"] * 1000, times["p99"] * 1000
            print(f"{load:>8} {kind:12} {p50:8.1f} {p99:8.1f}")
    for load, measured in result["loads"].items():
        print(f"{load} searches: {measured['residentMib']:.0f} MiB resident")
    print(
        f"\n{'server':22} {'start s':>8} {'idle MiB':>9} {'1st hover s':>12} {'MiB':>6}"
    )
    for name, start in result["starts"].items():
        print(
            f"{name:22} {start['startSeconds']:8.2f} {start['idleMib']:9.0f} "
            f"{start['firstHoverSeconds']:12.2f} {start['askedMib']:6.0f}"
        )
    print()
    for name, kept in result["bars"].items():
        print(f"{'kept' if kept else 'MISSED':8} {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    ours = (sys.executable, "-P", "-m", "orps_server", "--stdio")
    rounds = [
        {name: start_up(line) for name, line in {"orps-lsp": ours, **peers()}.items()}
        for _ in range(arguments.starts)
    ]
    starts = {
        name: {
            key: statistics.median(each[name][key] for each in rounds)
            for key in rounds[0][name]
        }
        for name in rounds[0]
    }
    loads = {str(n): latencies(ours, n, arguments.samples) for n in LOADS}
    result = {"loads": loads, "starts": starts, "bars": bars(loads, starts)}
    if arguments.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)


if __name__ == "__main__":
    main()
