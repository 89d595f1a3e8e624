"""Planted secrets, and every byte that leaves: over HTTP, to people, to the disk."""

import os
from pathlib import Path
from typing import Any

import pytest

from support.cli import Folder
from support.lsp_process import server_process
from support.lsp_profiles import VSCODE
from support.projects import project
from support.replay_answers import Answer, ChatRequest
from support.replay_endpoint import ReplayEndpoint

pytestmark = pytest.mark.slow

IN_MODULE = "sk-planted0in0the0module0123"
IN_TEST = "planted-in-a-test-77"
IN_ENVIRONMENT = "planted-in-the-environment"
IN_FILE = "planted_in_an_excluded_file"
IN_HEADER = "planted-in-a-header-123"

IN_OPTIONS = "planted-in-the-options"
IN_DOTENV = "planted0in0dotenv99"

FILES = {
    "pyproject.toml": "",
    ".env": f"SERVICE={IN_DOTENV}\nMODE=development\n",
    "m.py": f"""\
from my_secrets import {IN_FILE}

CLIENT_KEY = "{IN_MODULE}"


def double(x):
    ...
""",
    "my_secrets.py": f"def {IN_FILE}():\n    return '{IN_FILE}'\n",
    "test_m.py": f"""\
import m

DB_PASSWORD = "{IN_TEST}"


def test_double():
    assert m.double(2) == 4, f"{{m.CLIENT_KEY}} {{DB_PASSWORD}} {IN_ENVIRONMENT}"
""",
}
WRONG = """\
Hm.
```python
def double(x):
    print(open(".env").read())
    return 3
```
"""
RIGHT = "So.\n```python\ndef double(x):\n    return 2 * x\n```\n"
CRITIQUE = "Wrong.\nScore: 2/5\nAccept: no\n"


def test_no_secret_leaves(tmp_path: Path) -> None:
    folder = Folder(tmp_path, FILES)
    requests: list[str] = []

    def answer(request: ChatRequest) -> Answer:
        requests.append(request.prompt)
        if request.role == "critic":
            return CRITIQUE
        return RIGHT if "attempt" in request.prompt else WRONG

    log = tmp_path / "log.txt"
    with ReplayEndpoint(answer) as endpoint:
        finished = folder.run(
            *("generate", "m.py::double", "--json"),
            *("--base-url", endpoint.url, "--model", "replay", "--rounds", "1"),
            *("--log-file", str(log), "--log-level", "debug"),
            extra={"SOME_TOKEN": IN_ENVIRONMENT},
        )
    assert finished.status == 0, finished.stderr
    assert any("attempt" in text for text in requests), "failures were shown"
    sent = "\n".join(requests)
    assert "[redacted]" in sent
    for secret in (IN_MODULE, IN_TEST, IN_ENVIRONMENT, IN_DOTENV):
        assert secret not in sent
    assert f"return '{IN_FILE}'" not in sent
    assert f"def {IN_FILE}" not in sent
    written = log.read_text() if log.exists() else ""
    for secret in (IN_MODULE, IN_TEST, IN_ENVIRONMENT, IN_DOTENV):
        assert secret not in written


def test_the_preview_shows_what_is_taken_out(tmp_path: Path) -> None:
    folder = Folder(tmp_path, FILES)
    finished = folder.run(
        *("prompt", "m.py::double"),
        *("--base-url", "http://127.0.0.1:9/v1", "--model", "replay"),
        extra={"SOME_TOKEN": IN_ENVIRONMENT},
    )
    assert finished.status == 0, finished.stderr
    for secret in (IN_MODULE, IN_TEST, IN_ENVIRONMENT, IN_DOTENV):
        assert secret not in finished.text
    assert "# taken out: 3 secrets" in finished.text
    assert "m.py (" in finished.text
    assert "bytes)" in finished.text


def test_an_excluded_module_is_not_sent_at_all(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "",
        "my_secrets.py": "def double(x):\n    ...\n",
        "test_it.py": "from my_secrets import double\n\n\n"
        "def test_double():\n    assert double(2) == 4\n",
    }
    folder = Folder(tmp_path, files)
    finished = folder.run(
        *("generate", "my_secrets.py::double"),
        *("--base-url", "http://127.0.0.1:9/v1", "--model", "replay"),
    )
    assert finished.status == 3
    assert "orps.context.exclude" in finished.stderr
    assert folder.run("generate", "my_secrets.py::double").status == 0


async def test_no_secret_is_told_to_an_editor_or_kept(tmp_path: Path) -> None:
    root = project(tmp_path / "project", FILES)
    kept = [tmp_path / name for name in ("state", "cache", "config")]
    environment = os.environ | {
        "OPENAI_API_KEY": IN_ENVIRONMENT,
        **{f"XDG_{folder.name.upper()}_HOME": str(folder) for folder in kept},
    }
    options: dict[str, Any] = {
        "trusted": True,
        "apiKey": IN_OPTIONS,
        "log": {"prompts": True},
        "search": {"samples": 1, "rounds": 0, "profileSeconds": 0, "examineSeconds": 0},
    }
    opted_in = {**VSCODE, "experimental": {"orps": {"tree": True}}}

    def answer(request: ChatRequest) -> Answer:
        return CRITIQUE if request.role == "critic" else WRONG

    with ReplayEndpoint(answer) as endpoint:
        options["llm"] = {"baseUrl": endpoint.url, "model": "replay"}
        async with server_process(opted_in, root, environment=environment) as server:
            client = server.client
            await client.initialize(
                root, initializationOptions=options, trace="verbose"
            )
            key = {"name": "OPENAI_API_KEY", "value": IN_HEADER}
            await client.request("orps/setSecret", key)
            uri = client.open(root / "m.py")
            function = {"uri": uri, "name": "double"}
            said = await client.command("orps.generate", function)
            await client.message(
                "orps/searchDidChange", lambda params: params["state"] == "done"
            )
            search = {"searchId": said["searchId"]}
            position = {"line": 5, "character": 5}
            place = {"textDocument": {"uri": uri}, "position": position}
            answers = [
                await client.request("orps/tree", search),
                await client.request("orps/candidate", search),
                await client.request("orps/prompt", function),
                await client.command("orps.report", search),
                await client.request("textDocument/hover", place),
                await client.command("orps.status"),
            ]
            assert "[redacted]" in str(answers)
            assert await server.hang_up() == 0
            told = f"{answers}{client.received}"
    written = b"".join(
        each.read_bytes() for f in kept for each in f.rglob("*") if each.is_file()
    )
    planted = (IN_MODULE, IN_TEST, IN_ENVIRONMENT, IN_DOTENV, IN_HEADER, IN_OPTIONS)
    assert [each for each in planted if each in told or each.encode() in written] == []
