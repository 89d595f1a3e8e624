"""`orps-lsp generate PATH... --all-stubs`: every stub, one report."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orps_server.batch.combining import Body, with_bodies
from orps_server.batch.found import Found
from orps_server.batch.parcel import Parcel, parcel
from orps_server.batch.past import with_past
from orps_server.batch.report import Row, report_document, report_text
from orps_server.batch.searching import Searching
from orps_server.batch.stubs import requests_in
from orps_server.cli.counting import Progress, open_progress
from orps_server.cli.interruption import until_interrupted
from orps_server.cli.options import Output
from orps_server.cli.requests import absolute, settings_for
from orps_server.cli.search_run import CLOSE_SECONDS
from orps_server.cli.status import ExitStatus
from orps_server.cli.streams import tell, write_result
from orps_server.diff import unified_diff
from orps_server.errors import RequestFault
from orps_server.journaling import Journals
from orps_server.source_file import read_source, write_source
from orps_server.spread.run import run_works
from orps_server.spread.work import Place, Work, this_node
from orps_server.store.store import SearchStore
from orps_server.workspace import project_root, relative_posix


async def all_stubs(
    paths: Sequence[str],
    overrides: dict[str, object],
    *,
    place: Place,
    output: Output,
    resumes: bool = False,
) -> ExitStatus:
    """Search for each, show all; what was found before Ctrl-C is shown, too.

    With `resumes` it goes on where an earlier run over the same stubs was interrupted.
    """
    works = _works([absolute(path) for path in paths], overrides, place)
    rows: dict[int, Row] = {}
    store = SearchStore(warn=tell)
    try:
        with open_progress() as progress:
            run = _Run(works, place, store, rows, progress)
            ended = await until_interrupted(partial(run.search, resumes=resumes))
    finally:
        store.close(CLOSE_SECONDS)
    found = [rows[number] for number in sorted(rows)]
    if ended is None:
        _present(found, Output.JSON if output is Output.JSON else Output.RANKING)
        if all(work.settings.journal.enabled for work in works):
            tell("Go on with: the same command and --resume")
        return ExitStatus.INTERRUPTED
    if output is Output.WRITE:
        _write(works, found)
    if output is Output.DIFF:
        write_result(_diff(works, found))
    else:
        _present(found, output)
    return _status(found)


def _works(
    paths: Sequence[Path], overrides: dict[str, object], place: Place
) -> list[Searching]:
    requests = requests_in(paths)
    if not requests:
        raise RequestFault(
            "There are no stubs.",
            kind="noStub",
            hint="A stub has a body of `...`, `pass`, a docstring or "
            "`raise NotImplementedError`.",
        )
    roots = {request.file: project_root(request.file) for request in requests}
    settings = {root: settings_for(root, overrides) for root in set(roots.values())}
    parcels: dict[Path, Parcel] = {}
    if place.address is not None:
        parcels = {root: parcel(root) for root in settings}
    return [
        Searching(
            request=request,
            root=(root := roots[request.file]),
            shown=_shown(request.file),
            settings=settings[root],
            parcel=parcels.get(root),
        )
        for request in requests
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """A search on this machine, written down while it goes on."""

    work: Searching
    journals: Journals

    async def perform(self) -> Found:
        return await self.work.searched(self.journals)


class _Run:
    """Searches for all stubs that are left, and fills in a row for each."""

    def __init__(
        self,
        works: Sequence[Searching],
        place: Place,
        store: SearchStore,
        rows: dict[int, Row],
        progress: Progress,
    ) -> None:
        self._left = dict(enumerate(works))
        self._place = place
        self._store = store
        self._rows = rows
        self._progress = progress

    async def search(self, *, resumes: bool) -> bool:
        self._progress.started(len(self._left), "stubs to search for")
        if resumes:
            await self._recall()
        numbers = list(self._left)
        works: list[Work[Found]] = list(self._left.values())
        if self._place.address is None:
            journals = Journals(self._store)
            works = [
                _Here(work=each, journals=journals) for each in self._left.values()
            ]

        def done(idx: int, found: Found, node: str) -> None:
            self._end(numbers[idx], found, node)

        if works:  # A cluster need not be there for what is recalled.
            await run_works(works, self._place, done)
        return True

    async def _recall(self) -> None:
        for number, known in await with_past(self._store, self._left):
            if isinstance(known, Searching):
                self._left[number] = known
            else:
                self._end(number, known, this_node())
                del self._left[number]

    def _end(self, number: int, found: Found, node: str) -> None:
        work = self._left[number]
        name = work.request.qualname
        if found.pages is not None:
            found.pages.keep(self._store, work.header, work.past)
        self._rows[number] = Row(file=work.shown, qualname=name, node=node, found=found)
        self._progress.advanced(f"{name}: {found.state}")


def _present(rows: Sequence[Row], output: Output) -> None:
    if output is Output.JSON:
        write_result(json.dumps(report_document(rows), indent=2) + "\n")
    else:
        write_result(report_text(rows))


def _changed(works: Sequence[Searching], rows: Sequence[Row]) -> dict[Path, list[Body]]:
    """The bodies that pass all their tests, by file; all stubs were searched for."""
    bodies: dict[Path, list[Body]] = {}
    for work, row in zip(works, rows, strict=True):
        if row.found.state == "solved":
            body = Body(qualname=row.qualname, code=row.found.code)
            bodies.setdefault(work.request.file, []).append(body)
    return bodies


def _diff(works: Sequence[Searching], rows: Sequence[Row]) -> str:
    roots = {work.request.file: work.root for work in works}
    parts: list[str] = []
    for file, bodies in _changed(works, rows).items():
        text = read_source(file).text
        path = relative_posix(file, roots[file])
        parts.append(unified_diff(text, with_bodies(text, bodies), path))
    return "".join(parts)


def _write(works: Sequence[Searching], rows: Sequence[Row]) -> None:
    for row in rows:
        if row.found.state == "solved" and not row.found.is_split:
            tell(f"not written: {row.qualname}, which could have forged its verdict")
    pairs = [
        (work, row) for work, row in zip(works, rows, strict=True) if row.found.is_split
    ]
    works, rows = [work for work, _ in pairs], [row for _, row in pairs]
    for file, bodies in _changed(works, rows).items():
        source = read_source(file)
        write_source(source, with_bodies(source.text, bodies))
        names = ", ".join(body.qualname for body in bodies)
        tell(f"wrote {names} to {_shown(file)}")


def _status(rows: Sequence[Row]) -> ExitStatus:
    states = {row.found.state for row in rows}
    if states == {"solved"}:
        return ExitStatus.SOLVED
    if states == {"fault"}:
        return ExitStatus.FAULT
    return ExitStatus.PARTIAL if states & {"solved", "partial"} else ExitStatus.NOTHING


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)
