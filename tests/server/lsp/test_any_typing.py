"""Whatever is typed while candidates arrive and are taken, nothing else is changed."""

import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orps_search.events import CandidateExecuted, SearchEvent, SearchResult, StopReason
from orps_search.journal.seam import Journal
from orps_server.resumption import Resumption
from support.lsp_inprocess import connected
from support.lsp_jobs import USAGE, FakeJob, candidate
from support.lsp_profiles import EGLOT_1_17, VSCODE, VSCODE_FULL
from support.lsp_typing import BODIES, FILE, Find, Gesture, Person, gestures

N_EXAMPLES = int(os.environ.get("ORPS_FUZZ_EXAMPLES", "40"))

FOUND = [
    candidate(
        f"c{idx}",
        "def area(width, height):\n    " + body.replace("\n", "\n    ") + "\n",
    )
    for idx, body in enumerate(BODIES)
]


class SteppingJob(FakeJob):
    """Finds a candidate whenever the test says so."""

    def __init__(self) -> None:
        super().__init__(candidates=FOUND)
        self.send, self._receive = anyio.create_memory_object_stream[int](100)
        self.n_published = 0
        self.news = anyio.Event()

    async def search(
        self,
        publish: Callable[[SearchEvent], Awaitable[None]],
        *,
        journal: Journal | None = None,
        resumed: Resumption | None = None,
    ) -> SearchResult:
        with self._receive, self.send:
            async for idx in self._receive:
                await publish(CandidateExecuted(candidate=FOUND[idx]))
                self.n_published = idx + 1
                self.news.set()
                self.news = anyio.Event()
        return SearchResult(
            ranking=tuple(FOUND), stop_reason=StopReason.ROUNDS, usage=USAGE
        )


async def session(made: Sequence[Gesture], capabilities: dict[str, object]) -> int:
    """One editor, one search, one person; how many candidates were taken."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shapes.py"
        path.write_bytes(FILE.encode())
        job = SteppingJob()
        async with connected(capabilities, path.parent, job) as client:
            uri = client.open(path)
            said = await client.command("orps.generate", {"uri": uri, "name": "area"})
            person = Person(client, uri, said["searchId"])
            for gesture in (Find(), *made):
                await person.make(gesture)
                if isinstance(gesture, Find) and person.n_found <= len(FOUND):
                    await job.send.send(person.n_found - 1)
                    while job.n_published < person.n_found:
                        await job.news.wait()
            return person.n_applied


@pytest.mark.parametrize("capabilities", [VSCODE, VSCODE_FULL, EGLOT_1_17])
@pytest.mark.timeout(600)
def test_a_taken_candidate_replaces_the_body_or_nothing(
    capabilities: dict[str, object],
):
    taken: list[int] = []

    @settings(
        max_examples=N_EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.lists(gestures, max_size=14))
    def check(made: list[Gesture]) -> None:
        taken.append(anyio.run(session, made, capabilities))

    check()
    assert sum(taken), "no example took a candidate"
