"""What a person is asked before anything runs or leaves, and what their answers do."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orps_server.settings import Settings
from support.lsp_client import Json, LspClient
from support.lsp_inprocess import connected
from support.lsp_jobs import FakeJob, candidate

ASKS: Json = {
    "window": {"showMessage": {}, "showDocument": {"support": True}},
    "workspace": {"applyEdit": True},
}
MODEL = {"llm": {"baseUrl": "http://127.0.0.1:9/v1", "model": "far-away"}}
STUB = "def double(x):\n    ...\n"
QUESTION = "window/showMessageRequest"


@asynccontextmanager
async def editor(
    root: Path,
    *answers: str | None,
    capabilities: Json = ASKS,
    **initialize: Any,
) -> AsyncGenerator[tuple[LspClient, FakeJob, str]]:
    """An editor whose person gives these answers, one after the other."""
    (root / "pyproject.toml").touch()
    (root / "m.py").write_text(STUB)
    (root / "test_m.py").write_text(
        "from m import double\n\n\ndef test_double():\n    assert double(2) == 4\n"
    )
    left = list(answers)

    def answer(params: Json) -> Json | None:
        title = left.pop(0)
        offered = [item["title"] for item in params["actions"]]
        assert title is None or title in offered
        return {"title": title} if title else None

    def person(client: LspClient) -> None:
        client.answers[QUESTION] = answer

    job = FakeJob([candidate("c1", "def double(x):\n    return 2 * x\n")])
    async with connected(
        capabilities,
        root,
        job,
        prepare=person,
        settings=Settings(),
        **initialize,
    ) as client:
        yield client, job, client.open(root / "m.py")
    assert not left, "a question was not asked"


async def generate(client: LspClient, uri: str, **overrides: Any) -> Json:
    arguments = {"uri": uri, "name": "double", "overrides": overrides}
    return await client.command("orps.generate", arguments)


async def ended(client: LspClient, uri: str) -> Json:
    """The search of the file, once it is over."""
    found: list[Json] = []
    while not found or found[0]["state"] in ("running", "awaitingConsent", "queued"):
        found = await client.request("orps/searches", {"uri": uri})
    return found[0]


def written(uri: str) -> str:
    return Path(uri.removeprefix("file://")).read_text()


def questions(client: LspClient) -> list[str]:
    return [params["message"] for params in client.messages(QUESTION)]


async def check(
    root: Path,
    answers: tuple[str | None, ...],
    *,
    asked: tuple[str, ...],
    state: str = "done",
    kind: str | None = None,
    capabilities: Json = ASKS,
    overrides: Json | None = None,
    **initialize: Any,
) -> None:
    async with editor(root, *answers, capabilities=capabilities, **initialize) as (
        client,
        job,
        uri,
    ):
        await generate(client, uri, **(overrides or {}))
        found = await ended(client, uri)
        assert found["state"] == state
        error = found["error"]
        assert (error["kind"] if error else None) == kind
        for message, part in zip(questions(client), asked, strict=True):
            assert part in message
        assert len(job.requests) == (1 if state == "done" else 0)


async def test_a_project_is_asked_for_before_it_runs(tmp_path: Path) -> None:
    await check(tmp_path, ("Trust this project",), asked=(str(tmp_path),))


@pytest.mark.parametrize("answer", ["Cancel", None])
async def test_without_trust_nothing_runs(tmp_path: Path, answer: str | None) -> None:
    await check(tmp_path, (answer,), asked=("trust",), state="failed", kind="untrusted")


async def test_a_host_is_asked_for_with_model_and_files(tmp_path: Path) -> None:
    await check(
        tmp_path,
        ("Allow once", "Allow once"),
        asked=("trust", "127.0.0.1:9 (far-away): m.py ("),
        overrides=MODEL,
    )


async def test_without_consent_nothing_is_sent(tmp_path: Path) -> None:
    await check(
        tmp_path,
        ("Allow once", "Cancel"),
        asked=("trust", "127.0.0.1:9"),
        state="failed",
        kind="consentDenied",
        overrides=MODEL,
    )


async def test_the_prompt_can_be_read_first(tmp_path: Path) -> None:
    async with editor(tmp_path, "Allow once", "Show prompt", "Allow once") as (
        client,
        _,
        uri,
    ):
        await generate(client, uri, **MODEL)
        assert (await ended(client, uri))["state"] == "done"
        (shown,) = client.messages("window/showDocument")
        text = written(shown["uri"])
        assert "def double(x)" in text
        assert "# endpoint: http://127.0.0.1:9/v1" in text


@pytest.mark.parametrize("overrides", [{}, MODEL])
async def test_trusted_from_the_start(tmp_path: Path, overrides: Json) -> None:
    await check(
        tmp_path,
        (),
        asked=(),
        overrides=overrides,
        initializationOptions={"trusted": True},
    )


async def test_an_editor_with_a_trust_of_its_own_is_still_asked_for_hosts(
    tmp_path: Path,
) -> None:
    own = {**ASKS, "experimental": {"orps": {"workspaceTrust": True}}}
    await check(
        tmp_path,
        ("Allow once",),
        asked=("127.0.0.1:9",),
        capabilities=own,
        overrides=MODEL,
    )


async def test_an_editor_that_shows_no_questions(tmp_path: Path) -> None:
    await check(tmp_path, (), asked=(), capabilities={}, overrides=MODEL)


async def test_a_search_that_waits_for_an_answer_can_be_stopped(tmp_path: Path) -> None:
    async with editor(tmp_path) as (client, job, uri):
        client.unanswered.add(QUESTION)
        found = await generate(client, uri)
        assert found["state"] == "awaitingConsent"
        await client.message(QUESTION)
        (waiting,) = await client.request("orps/searches", {"uri": uri})
        assert waiting["state"] == "awaitingConsent"
        stopped = await client.command("orps.cancel", {"searchId": found["searchId"]})
        assert stopped == {"cancelled": 1}
        assert not waiting["resumable"]
        last = await ended(client, uri)
        assert (last["state"], last["resumable"]) == ("cancelled", True)
        assert not job.requests


async def test_an_answer_that_cannot_be_read_is_no_yes(tmp_path: Path):
    async with editor(tmp_path) as (client, job, uri):
        client.answers[QUESTION] = lambda _: "Allow once"
        await generate(client, uri)
        search = await ended(client, uri)
        assert search["error"]["kind"] == "untrusted"
        assert not job.requests
