"""The file of past searches, with the real SQLite and the real disk."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import anyio
import pytest

from orps_search.candidate import CandidateId
from orps_search.events import StopReason
from orps_search.journal.entries import Asked, Called, Entry, Rejected, Role, Stopped
from orps_search.journal.seam import Heard, texts
from orps_search.proposer import Proposal, Usage
from orps_server.errors import RequestFault
from orps_server.store import database
from orps_server.store.journal import SearchJournal
from orps_server.store.rows import Header
from orps_server.store.store import Keeping, SearchStore
from support.journals import began

REASON = "it is the same code as candidate c1"
ENTRIES: tuple[Entry, ...] = (
    began(),
    Asked(),
    Rejected(candidate=CandidateId("c2"), reason=REASON),
    Stopped(reason=StopReason.ROUNDS),
)


class Places:
    """Stores on one file, as several processes have them, and what they warned of."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "state" / "searches.sqlite3"
        self.warnings: list[str] = []
        self.stores: list[SearchStore] = []

    def store(self, keeping: Keeping | None = None) -> SearchStore:
        store = SearchStore(warn=self.warnings.append, keeping=keeping, file=self.file)
        self.stores.append(store)
        return store


@pytest.fixture
def places(tmp_path: Path) -> Generator[Places]:
    places = Places(tmp_path)
    yield places
    for store in places.stores:
        store.close(5)


def header(search_id: str = "5ea7c401", file: str = "/project/m.py") -> Header:
    return Header(
        search_id=search_id,
        root="/project",
        file=file,
        qualname="double",
        tests=("test_m.py",),
    )


async def write(
    store: SearchStore,
    entries: Iterable[Entry] = ENTRIES,
    *,
    search_id: str = "5ea7c401",
    clean: Callable[[str], str] = str,
) -> SearchJournal:
    journal = store.journal(header(search_id), clean=clean)
    for entry in entries:
        journal.append(entry, {})
    await journal.saved()
    return journal


async def test_another_process_reads_what_was_written(places: Places):
    await write(places.store())
    stored = await places.store().load("5ea7")
    assert [record.entry for record in stored.records] == list(ENTRIES)
    assert stored.header == header()
    assert stored.state().rejections[0].reason == REASON
    assert not places.warnings


async def test_only_the_owner_may_read_the_files(places: Places):
    await write(places.store())
    files = list(places.file.parent.iterdir())
    assert {file.name for file in files} >= {
        "searches.sqlite3",
        "searches.sqlite3-wal",
    }
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_file_that_others_may_read_is_closed_to_them(places: Places):
    places.file.parent.mkdir(parents=True)
    places.file.touch(0o644)
    await write(places.store())
    assert stat.S_IMODE(places.file.stat().st_mode) == 0o600


async def test_a_record_is_on_the_disk_once_it_is_saved(places: Places):
    journal = await write(places.store(), ENTRIES[:2])
    # Nobody closes anything: this is what a kill leaves.
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); "
        "print(c.execute('select count(*) from records').fetchone()[0])"
    )
    read = await anyio.run_process([sys.executable, "-c", code, str(places.file)])
    assert int(read.stdout) == 2
    assert journal.state().stopped is None


async def test_texts_pass_the_redactor(places: Places):
    store = places.store()
    journal = store.journal(header(), clean=lambda text: text.replace("hush", "-"))
    secret = Rejected(candidate=CandidateId("c1"), reason="hush hush")
    journal.append(began(), {})
    journal.append(secret, {"d1": "say hush"})
    await journal.saved()
    stored = await store.load("5ea7c401")
    assert stored.state().rejections[0].reason == "- -"
    assert await store.text("5ea7c401", "d1") == "say -"
    assert b"hush" not in b"".join(f.read_bytes() for f in places.file.parent.iterdir())
    # In memory it is as it was.
    assert journal.state().rejections[0].reason == "hush hush"


@pytest.mark.parametrize("kept", [False, True])
async def test_prompts_are_kept_only_by_those_who_want_them(places: Places, kept: bool):
    store = places.store(Keeping(prompts=kept))
    journal = store.journal(header(), clean=str)
    heard = [Heard(prompt="write it", reply="done")]
    called = Called(
        role=Role.PROGRAMMER,
        candidate=CandidateId("c1"),
        answer=Proposal(reasoning="", code="1"),
        usage=Usage(),
        seconds=0.0,
        exchanges=(heard[0].exchange,),
    )
    journal.append(began(), {})
    journal.append(called, texts(heard))
    await journal.saved()
    said = heard[0].exchange
    assert await store.text("5ea7c401", said.reply) == "done"
    prompt = await store.text("5ea7c401", said.prompt)
    assert prompt == ("write it" if kept else None)


async def test_two_stores_write_to_one_file_at_once(places: Places):
    stores = [places.store() for _ in range(3)]
    for round_ in range(5):
        for idx, store in enumerate(stores):
            await write(store, search_id=f"{round_}-{idx}")
    assert len(await places.store().rows()) == 15
    assert not places.warnings


async def test_a_search_goes_on_while_another_keeps_the_file_locked(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    store = places.store()
    await write(store, search_id="first")
    other = sqlite3.connect(places.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    journal = await write(store, ENTRIES[:3], search_id="second")
    assert len(places.warnings) == 1
    assert "cannot be written down" in places.warnings[0]
    other.execute("ROLLBACK")
    other.close()
    journal.append(ENTRIES[3], {})
    stored = await store.load("second") if await _flushed(store) else None
    assert stored is not None
    assert [record.entry for record in stored.records] == list(ENTRIES)
    assert len(places.warnings) == 1


async def _flushed(store: SearchStore) -> bool:
    return bool(await store.rows())


async def test_a_search_goes_on_when_the_disk_is_full(places: Places):
    store = places.store()
    await write(store, search_id="first")
    pages = await store.do(lambda d: _limit_pages(d.connection))
    journal = store.journal(header("second"), clean=str)
    journal.append(began(), {"big": "x" * 100_000 * pages})
    await journal.saved()
    assert len(places.warnings) == 1
    assert "full" in places.warnings[0]
    # What was there stays whole, and there is room again later.
    assert [row.header.search_id for row in await store.rows()] == ["first"]
    await store.do(lambda d: _limit_pages(d.connection, 1_000_000))
    journal.append(Asked(), {})
    await store.rows()
    assert len((await store.load("second")).records) == 2


def _limit_pages(connection: sqlite3.Connection, more: int = 1) -> int:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + more}").fetchall()
    return pages


@pytest.mark.parametrize("damage", [b"no database at all", b"", None])
async def test_a_damaged_file_is_kept_aside_and_begun_anew(
    places: Places, damage: bytes | None
):
    first = places.store()
    await write(first, search_id="lost")
    first.close(5)
    whole = places.file.read_bytes()
    places.file.write_bytes(
        damage if damage is not None else whole[:100] + b"\xff" * (len(whole) - 100)
    )
    store = places.store()
    await write(store, search_id="next")
    await write(store, search_id="after")
    assert {row.header.search_id for row in await store.rows()} >= {"after"}
    if damage != b"":
        assert "was damaged" in places.warnings[0]
        assert places.file.with_name("searches.damaged.sqlite3").exists()


async def test_a_folder_that_cannot_be_written_costs_one_warning(tmp_path: Path):
    (tmp_path / "state").write_text("a file where the folder should be")
    places = Places(tmp_path)
    store = places.store()
    journal = await write(store)
    await journal.saved()
    assert len(places.warnings) == 1
    assert journal.state().stopped is not None
    store.close(5)


async def test_nothing_is_made_by_looking(places: Places):
    store = places.store()
    assert await store.rows() == ()
    assert await store.clear() == 0
    with pytest.raises(RequestFault, match="no search 'x'"):
        await store.load("x")
    assert not places.file.parent.exists()


async def test_the_oldest_go_when_there_is_no_room(places: Places):
    store = places.store(Keeping(max_bytes=4_000))
    for idx in range(8):
        journal = await write(store, search_id=f"s{idx}")
        store.finish(journal)
    kept = [row.header.search_id for row in await store.rows()]
    assert kept[0] == "s7"
    assert 0 < len(kept) < 8
    assert kept == [f"s{idx}" for idx in range(7, 7 - len(kept), -1)]


async def test_what_is_too_old_goes(places: Places):
    store = places.store(Keeping(max_days=30))
    store.finish(await write(store, search_id="old"))
    await store.do(lambda d: d.connection.execute("UPDATE searches SET updated = 1000"))
    store.finish(await write(store, search_id="new"))
    assert [row.header.search_id for row in await store.rows()] == ["new"]


async def test_one_search_may_not_take_all_the_room(places: Places):
    store = places.store(Keeping(max_bytes=2_000))
    journal = await write(store, ENTRIES[:3])
    journal.append(Asked(), {"text": "x" * 5_000})
    await journal.saved()
    n_bytes = (await store.rows())[0].n_bytes
    journal.append(Asked(), {"more": "x" * 5_000})
    await journal.saved()
    assert (await store.rows())[0].n_bytes == n_bytes
    assert "grown beyond" in places.warnings[0]


async def test_clearing_leaves_only_what_runs(places: Places):
    store = places.store()
    store.finish(await write(store, search_id="done"))
    running = await write(store, ENTRIES[:2], search_id="running")
    assert await store.clear() == 1
    assert [row.header.search_id for row in await store.rows()] == ["running"]
    running.append(ENTRIES[2], {})
    await running.saved()
    assert not places.warnings


async def test_a_running_search_cannot_be_taken_over_by_another_process(
    places: Places,
):
    code = f"""
import anyio, sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from support.journals import began
from orps_server.store.rows import Header
from orps_server.store.store import SearchStore
from pathlib import Path

async def main():
    store = SearchStore(warn=print, file=Path({str(places.file)!r}))
    header = Header(search_id="theirs", root="/", file="/m.py", qualname="f")
    journal = store.journal(header, clean=str)
    journal.append(began(), {{}})
    await journal.saved()
    print("ready", flush=True)
    sys.stdin.read()

anyio.run(main)
"""
    process = await anyio.open_process([sys.executable, "-c", code])
    async with process:
        assert process.stdout is not None
        assert (await process.stdout.receive()).startswith(b"ready")
        store = places.store()
        assert (await store.rows())[0].is_running
        with pytest.raises(RequestFault, match="running in another process"):
            await store.claim("theirs")
        process.kill()
    assert not (await store.rows())[0].is_running
    await store.claim("theirs")
    assert (await store.rows())[0].owner.startswith(str(os.getpid()))
