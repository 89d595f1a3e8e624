"""docs/lsp-extensions.md says what the code does."""

import hashlib
import re
from pathlib import Path
from typing import cast

import pytest

from orps_search.events import SearchEvent
from orps_search.source.find import find_target
from orps_search.source.target import Target
from orps_server import lsp_ext
from orps_server.errors import RequestFault
from orps_server.searches import FunctionKey, Search
from orps_server.snapshot import candidate_snapshot, search_snapshot
from orps_server.to_proto import fault_data
from support.lsp_jobs import FakeJob, candidate

PAGE = (Path(__file__).parents[3] / "docs" / "lsp-extensions.md").read_text()


def members(interface: str) -> set[str]:
    """The outermost members of an interface on the page, those inherited included."""
    head = re.search(rf"interface {interface}(?: extends (\w+))? {{", PAGE)
    assert head, f"the page does not describe {interface}"
    body = PAGE[head.end() : PAGE.index("\n}", head.end())]
    body = re.sub(r"\{[^{}]*\}", "object", re.sub(r"//.*", "", body))
    inherited = members(head[1]) if head[1] else set[str]()
    return inherited | set(re.findall(r"(\w+): ", body))


def idle_search() -> Search:
    origin = find_target("def f():\n    ...\n", "f")
    assert isinstance(origin, Target)
    return Search(
        search_id="1",
        uri="file:///f.py",
        key=FunctionKey(path=Path("/f.py"), qualname="f"),
        origin=origin,
        fingerprint="",
    )


async def test_the_messages_have_the_members_of_the_page():
    search = idle_search()
    found = candidate("c1", "def f():\n    return 1\n")
    job = FakeJob([found])

    async def publish(event: SearchEvent) -> None:
        search.record(event)

    await job.search(publish)
    snapshot = search_snapshot(search)
    assert set(snapshot) == members("SearchDidChangeParams")
    (summary,) = cast("list[dict[str, object]]", snapshot["candidates"])
    assert set(summary) == members("CandidateSummary")
    assert set(candidate_snapshot(search, found)) == members("CandidateDetails")
    fault = RequestFault("No.", kind="noTests")
    assert set(fault_data(fault)) == members("OrpsError")


@pytest.mark.parametrize(
    "name",
    [
        *lsp_ext.CommandName,
        lsp_ext.SEARCH_DID_CHANGE,
        lsp_ext.SEARCHES,
        lsp_ext.CANDIDATE,
        lsp_ext.PROMPT,
        lsp_ext.SET_SECRET,
        lsp_ext.SERVER_STATUS,
        lsp_ext.ACTION_KIND,
    ],
)
def test_every_name_is_on_the_page(name: str):
    assert f"`{name}`" in PAGE


def test_the_page_names_no_command_that_does_not_exist():
    named = set(
        re.findall(r"command `(orps\.\w+)`|^\| `(orps\.\w+)` \|", PAGE, re.MULTILINE)
    )
    named = {one or other for one, other in named}
    assert named == {str(name) for name in lsp_ext.CommandName}
    assert f'"protocol": {lsp_ext.PROTOCOL_VERSION}' in PAGE


def test_the_page_was_read_again_when_the_names_changed():
    """Put the digest that this fails with at the end of the page, after reading it."""
    source = Path(lsp_ext.__file__).read_bytes()
    digest = hashlib.sha256(source).hexdigest()[:16]
    assert PAGE.rstrip().endswith(f"`lsp_ext.py` sha256: {digest}"), digest
