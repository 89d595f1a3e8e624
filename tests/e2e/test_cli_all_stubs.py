"""Many stubs at a time: each search is kept, and an interrupted run goes on."""

import json
import re
import signal
from pathlib import Path

import pytest

from support.cli import UNMEASURED, Folder
from support.killing import SETTINGS, Assassin, gone_within
from support.replay_answers import ChatRequest
from support.replay_endpoint import ReplayEndpoint

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

NAMES = ("alpha", "beta")
FILES = {
    "m.py": "\n\n".join(f"def {name}(x):\n    ...\n" for name in NAMES),
    "test_m.py": "import m\n"
    + "".join(
        f"\n\ndef test_{name}():\n    assert m.{name}(2) == 4\n    assert m.{name}(3) == 6\n"
        for name in NAMES
    ),
    "pyproject.toml": "",
}
ROUNDS = ("--policy", "orps", "--samples", "1", "--rounds", "1", "--beam", "1")
N_REQUESTS = 4
"""Of each stub: a draft, a rewrite, and a critique of each."""
BODIES = ("x * x", "x + x")


def body(request: ChatRequest) -> str:
    """Who asks with the same seed hears the same; only the last body is right."""
    if request.role == "critic":
        return "Not yet.\nScore: 3/5\nAccept: no\n"
    found = re.search(r"definition to implement: `(\w+)`", request.prompt)
    assert found is not None
    expression = BODIES[(int(request.body["seed"]) - 1) % len(BODIES)]
    return f"So.\n```python\ndef {found[1]}(x):\n    return {expression}\n```\n"


def folder_of(path: Path) -> Folder:
    folder = Folder(path, FILES)
    settings = path / "state" / "orps-lsp" / "settings.toml"
    settings.write_text(UNMEASURED + SETTINGS)
    return folder


def flags(endpoint: ReplayEndpoint, *more: str) -> tuple[str, ...]:
    # One at a time, so that what was in flight is one call.
    return (
        *("--all-stubs", "--workers", "1", "--seed", "0"),
        *("--model", "replay", "--base-url", endpoint.url, "--json", *more),
    )


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_was_ended_goes_on_where_it_was(
    tmp_path: Path, sign: signal.Signals
):
    folder = folder_of(tmp_path)
    assassin = Assassin(N_REQUESTS + 3, 0.0, reply=body, sign=sign)
    with ReplayEndpoint(assassin.answer) as endpoint:
        arguments = ("generate", ".", *flags(endpoint, *ROUNDS))
        with folder.started(*arguments) as process:
            assassin.pid = process.pid
            process.communicate(timeout=60)
        gone_within(folder)
        # A killed command leaves its scratch folder to the next one that makes one.
        with folder.started("searches", "--json") as process:
            listed = json.loads(process.communicate(timeout=60)[0])["searches"]
        assert {each["qualname"]: each["state"] for each in listed} == {
            "alpha": "done",
            "beta": "interrupted" if sign == signal.SIGKILL else "cancelled",
        }
        n_before = len(endpoint.requests)
        found = folder.run(
            "generate", ".", *flags(endpoint, *ROUNDS, "--resume")
        ).document
        n_after = len(endpoint.requests) - n_before
    assert found["solved"] == found["total"] == len(NAMES)
    used = {
        each["qualname"]: each["result"]["usage"]["requests"]
        for each in found["targets"]
    }
    assert used == dict.fromkeys(NAMES, N_REQUESTS)
    # All that was paid for twice is what was in flight.
    assert n_before + n_after - len(NAMES) * N_REQUESTS in {0, 1, 2}
    kept = folder.run_raw(["searches", "--json"]).document["searches"]
    assert {each["state"] for each in kept} == {"done"}
    ids = {each["qualname"]: each["result"]["search_id"] for each in found["targets"]}
    assert ids == {each["qualname"]: each["id"] for each in kept}
    assert {each["id"] for each in listed} <= set(ids.values())
    report = folder.run_raw(["report", ids["beta"]]).text
    assert "All that the policy allows was tried." in report


def test_what_has_changed_since_is_searched_for_again(tmp_path: Path):
    folder = folder_of(tmp_path)
    with ReplayEndpoint(body) as endpoint:
        one = flags(endpoint, "--policy", "cot")
        folder.run("generate", ".", *one)
        assert len(endpoint.requests) == 2
        changed = FILES["m.py"].replace("def beta(x):", "def beta(x: int):")
        folder.write("m.py", changed)
        found = folder.run("generate", ".", *one, "--resume").document
        assert [each["state"] for each in found["targets"]] == ["nothing", "nothing"]
        assert len(endpoint.requests) == 3
        # Without the flag all are searched for anew, and kept beside the others.
        folder.run("generate", ".", *one)
        assert len(endpoint.requests) == 5
    listed = folder.run_raw(["searches", "--json", "--all"]).document
    assert len(listed["searches"]) == 5


def test_nothing_is_kept_of_them_when_nobody_wants_that(tmp_path: Path):
    folder = folder_of(tmp_path)
    with ReplayEndpoint(body) as endpoint:
        one = flags(endpoint, "--policy", "cot", "--no-journal")
        folder.run("generate", ".", *one)
    assert not list((tmp_path / "state").rglob("*.sqlite3*"))
