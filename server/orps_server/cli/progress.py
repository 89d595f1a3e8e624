"""What a search does meanwhile, in few lines on stderr."""

from typing import Protocol

from orps_search.candidate import Candidate
from orps_search.events import Progressed
from orps_search.verdicts import counted, passes
from orps_server.cli.streams import tell
from orps_server.engine import Job


class Reporter(Protocol):
    def started(self, job: Job) -> None: ...

    def progressed(self, event: Progressed) -> None: ...

    def measuring(self, n_finalists: int) -> None: ...


def start_line(job: Job) -> str:
    return (
        f"searching {job.problem.target.qualname} with {job.proposer}, "
        f"{counted(len(job.problem.case_ids), 'test')}"
    )


class LineReporter:
    """One line at the start, and one whenever the best candidate gets better."""

    def __init__(self) -> None:
        self._best = -1

    def started(self, job: Job) -> None:
        for note in job.notes:
            tell(note)
        tell(start_line(job))

    def progressed(self, event: Progressed) -> None:
        best = event.ranking[0].outcome.n_passed if event.ranking else -1
        if best > self._best:
            self._best = best
            tell(best_line(event.ranking[0]))

    def measuring(self, n_finalists: int) -> None:
        tell(measuring_line(n_finalists))


def measuring_line(n_finalists: int) -> str:
    return f"measuring {counted(n_finalists, 'candidate')}; Ctrl-C shows them at once"


def best_line(candidate: Candidate) -> str:
    return f"the best so far {passes(candidate.outcome)}"
