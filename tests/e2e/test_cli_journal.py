"""What is kept of a search on the command line, and what can be made of it."""

import json
from pathlib import Path

import pytest

from support.cli import Folder
from support.killing import FILES, FLAGS, SEARCH_FLAGS, by_request
from support.replay_endpoint import ReplayEndpoint

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, str]:
    """A folder whose state holds one search, and its id."""
    folder = Folder(tmp_path_factory.mktemp("kept"), FILES)
    with ReplayEndpoint(by_request) as endpoint:
        flags = (*FLAGS, *SEARCH_FLAGS, "--base-url", endpoint.url, "--json")
        finished = folder.run("generate", "m.py::double", *flags)
    assert finished.status == 0, finished.stderr
    return folder, finished.document["search_id"]


def test_it_is_listed(kept: tuple[Folder, str]):
    folder, search_id = kept
    listed = folder.run_raw(["searches", "--json"]).document
    (entry,) = listed["searches"]
    assert entry["id"] == search_id
    assert (entry["state"], entry["passed"], entry["total"]) == ("done", 2, 2)
    assert search_id in folder.run_raw(["searches"]).text


def test_the_report_says_why_it_ended(kept: tuple[Folder, str]):
    folder, search_id = kept
    report = folder.run_raw(["report", search_id]).text
    assert "Why it ended: All that the policy allows was tried." in report
    assert "return x + x" in report
    assert "critic 3 of 5" in report
    document = folder.run_raw(["report", search_id, "--json"]).document
    assert document["searchId"] == search_id
    assert document["usage"]["requests"] == 12
    parents = {each["id"] for each in document["candidates"]} | {None}
    assert {each["parent"] for each in document["candidates"]} <= parents


def test_the_page_holds_the_document(kept: tuple[Folder, str], tmp_path: Path):
    folder, search_id = kept
    page = tmp_path / "search.html"
    assert folder.run_raw(["report", search_id, "--html", str(page)]).status == 0
    assert search_id in page.read_text("utf-8")


def test_trajectories_have_rewards_for_each_step(kept: tuple[Folder, str]):
    folder, search_id = kept
    exported = folder.run_raw(["export", "--format", "trajectories", search_id]).text
    lines = [json.loads(line) for line in exported.splitlines()]
    assert {line["schema"] for line in lines} == {"orps.trajectory/1"}
    best = next(line for line in lines if line["rank"] == 1)
    assert best["is_solved"]
    draft, rewrite = best["steps"]
    assert (draft["action"], rewrite["action"]) == ("draft", "rewrite")
    assert rewrite["rewards"]["success_ratio"] == 1.0
    assert rewrite["rewards"]["gain"] == pytest.approx(
        1.0 - draft["rewards"]["success_ratio"]
    )
    assert draft["rewards"]["process"] == 3
    assert best["problem"]["qualname"] == "double"


def test_policies_are_replayed_without_a_call(kept: tuple[Folder, str]):
    folder, search_id = kept
    played = folder.run_raw(
        ["replay", search_id, "--json", "--policy", "orps"]
    ).document
    (orps,) = played["policies"]
    assert (orps["passed"], orps["calls"], orps["unrecorded"]) == (2, 12, 0)


def test_what_ended_by_itself_goes_on_only_with_more_rounds(kept: tuple[Folder, str]):
    folder, search_id = kept
    refused = folder.run_raw(["resume", search_id])
    assert refused.status == 3
    assert "nothing to go on with" in refused.stderr


def test_a_changed_function_is_not_gone_on_with(tmp_path: Path):
    folder = Folder(tmp_path, FILES)
    with ReplayEndpoint(by_request) as endpoint:
        flags = (*FLAGS, *SEARCH_FLAGS, "--base-url", endpoint.url)
        bounded = (*flags, "--max-requests", "3", "--json")
        first = folder.run("generate", "m.py::double", *bounded).document
        assert first["stop_reason"] == "max-requests"
        folder.write("test_m.py", FILES["test_m.py"].replace("6)", "7)"))
        arguments = ("--model", "replay", "--base-url", endpoint.url)
        refused = folder.run_raw(["resume", first["search_id"], *arguments])
        assert refused.status == 3
        assert "its tests have changed" in refused.stderr
        folder.write("test_m.py", FILES["test_m.py"])
        resumed = folder.run_raw(["resume", first["search_id"], "--json", *arguments])
    # The same amount again, since nothing was said.
    assert resumed.document["usage"]["requests"] == 6


def test_nothing_is_kept_when_nobody_wants_that(tmp_path: Path):
    folder = Folder(tmp_path, FILES)
    with ReplayEndpoint(by_request) as endpoint:
        flags = (*FLAGS, *SEARCH_FLAGS, "--base-url", endpoint.url, "--no-journal")
        folder.run("generate", "m.py::double", *flags)
    assert not list((tmp_path / "state").rglob("*.sqlite3*"))


def test_what_is_kept_can_be_forgotten(tmp_path: Path):
    folder = Folder(tmp_path, FILES)
    folder.run("generate", "m.py::double")
    assert len(folder.run_raw(["searches", "--json"]).document["searches"]) == 1
    folder.run_raw(["searches", "--clear"])
    assert folder.run_raw(["searches", "--json"]).document["searches"] == []
