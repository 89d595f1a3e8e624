"""Accounts for every expected case of one execution; pure.

A child may die with cases left.  The case that was running gets the verdict of that
death, and the rest are run again in a new child, so every attempt but the last
settles a case.  What nobody reported did not pass.
"""

from collections.abc import Iterable
from dataclasses import replace

from orps_sandbox import profile
from orps_sandbox.canaries import drawn, tampering
from orps_sandbox.death import cause_of_death
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import (
    CaseResult,
    CaseStatus,
    ExecutionOutcome,
    Judge,
    Termination,
    Tier,
)
from orps_sandbox.reports import Attempt, Stop
from orps_sandbox.worker.selection import covers

MAX_TIMEOUTS = 3
"""Further cases are not run: they would most likely hang too."""
MAX_DEATHS = 8
"""Children of one execution that may die before the rest is given up."""

_UNREPORTED = "pytest did not report this case"


def merged(
    split: ExecutionOutcome, beside: ExecutionOutcome, order: Iterable[str]
) -> ExecutionOutcome:
    """Two outcomes of one candidate, which share no case, as one."""
    results = {case.id: case for case in (*split.cases, *beside.cases)}
    cases = tuple(results[case] for case in dict.fromkeys(order))
    whole = Termination.COMPLETED
    for outcome in (beside, split):
        if outcome.termination is not whole:
            whole = outcome.termination
    return replace(
        split,
        cases=cases,
        termination=whole,
        judge=_judge_of(cases, Judge.SPLIT),
        profile=profile.added(split.profile, beside.profile),
        output=split.output + beside.output,
        detail=split.detail or beside.detail,
    )


def _judge_of(cases: Iterable[CaseResult], judge: Judge) -> Judge:
    """A pass or failure that any counted case owes to the candidate's own process."""
    if judge is Judge.SPLIT and all(
        case.judge is Judge.SPLIT for case in cases if case.status is CaseStatus.PASSED
    ):
        return Judge.SPLIT
    return Judge.IN_PROCESS


class Ledger:
    """What is known of one execution so far."""

    def __init__(
        self,
        case_ids: Iterable[str],
        limits: Limits,
        *,
        tier: Tier,
        judge: Judge = Judge.IN_PROCESS,
    ) -> None:
        self._tier = tier
        self.judge = judge
        self._case_ids = tuple(dict.fromkeys(case_ids))
        self._limits = limits
        self._results: dict[str, CaseResult] = {}
        self._attempts: list[Attempt] = []
        self.unsplittable: dict[str, str] = {}
        """Cases that this way of judging cannot judge, and why; they are not settled."""
        self.canaries = drawn() if judge is Judge.IN_PROCESS else ()
        """Names of tests to plant in each attempt, where the judge can be deceived."""
        self._n_deaths = 0
        self._termination = Termination.COMPLETED
        self._detail = ""
        self.finished = not self._case_ids

    @property
    def remaining(self) -> tuple[str, ...]:
        return tuple(case for case in self._case_ids if case not in self._results)

    @property
    def n_timeouts(self) -> int:
        statuses = [result.status for result in self._results.values()]
        return statuses.count(CaseStatus.TIMEOUT)

    def note(self, attempt: Attempt) -> None:
        """Take in one attempt and decide whether another one makes sense."""
        self._attempts.append(attempt)
        n_before = len(self._results)
        self._set_aside(attempt)
        n_before -= len(self.unsplittable)
        forged = tampering(attempt, self.remaining) if self.canaries else ""
        for result in attempt.results:
            if forged and result.status is CaseStatus.PASSED:
                result = replace(result, status=CaseStatus.FAILED, message=forged)  # noqa: PLW2901
            if self.judge is Judge.SPLIT and attempt.changed_files:
                # A test may have read there what it expects.
                result = replace(result, judge=Judge.IN_PROCESS)  # noqa: PLW2901
            self._settle(result)
        if attempt.exit_status is not None and attempt.running is None:
            self._note_end(attempt)
        else:
            self._note_death(attempt)
        if not self.remaining:
            self.finished = True
        elif not self.finished and len(self._results) == n_before:
            self._give_up(CaseStatus.ERROR, self._detail or _UNREPORTED)

    def _set_aside(self, attempt: Attempt) -> None:
        """Leave to another ledger what cannot be judged here."""
        for where, why in attempt.unsplittable.items():
            for case in self.remaining:
                if covers(where, case):
                    self.unsplittable[case] = why
        self._case_ids = tuple(
            case for case in self._case_ids if case not in self.unsplittable
        )
        if attempt.running in self.unsplittable:
            attempt.running = None

    def run_out_of_time(self) -> None:
        """Say of what is left that the whole run's wall time is spent."""
        self._termination = Termination.TIMED_OUT
        seconds = f"{self._limits.wall_seconds:g} s"
        self._give_up(
            CaseStatus.TIMEOUT, f"not run: the {seconds} for all cases were spent"
        )

    def outcome(self, *, output_bytes: int) -> ExecutionOutcome:
        """Sum up; `output_bytes` of the output's end are kept."""
        cases = tuple(
            self._results.get(case)
            or CaseResult(
                id=case,
                status=CaseStatus.ERROR,
                message=_UNREPORTED,
                judge=self.judge,
            )
            for case in self._case_ids
        )
        output = "".join(attempt.output for attempt in self._attempts)
        return ExecutionOutcome(
            cases=cases,
            termination=self._final_termination(cases),
            profile=profile.of(self._attempts),
            tier=self._tier,
            judge=_judge_of(cases, self.judge),
            output=output[-output_bytes:] if output_bytes else "",
            detail=self._detail,
        )

    def _settle(self, result: CaseResult) -> None:
        if result.id not in self._case_ids:
            return
        earlier = self._results.get(result.id)
        # An id that is reported twice keeps the report that is not a pass.
        if earlier is None or earlier.status is CaseStatus.PASSED:
            self._results[result.id] = result

    def _note_end(self, attempt: Attempt) -> None:
        """Pytest came to its end: whatever it left out will be left out again."""
        if self.n_timeouts >= MAX_TIMEOUTS:
            self._give_up_hanging()
            return
        reasons = {p.where.partition("::")[0]: p.message for p in attempt.problems}
        general = next(iter(reasons.values()), attempt.terminal or _UNREPORTED)
        if self.remaining and not attempt.results and not self._results:
            self._detail = general
        for case in self.remaining:
            message = reasons.get(case.partition("::")[0], general)
            self._settle(
                CaseResult(
                    id=case, status=CaseStatus.ERROR, message=message, judge=self.judge
                )
            )

    def _note_death(self, attempt: Attempt) -> None:
        self._n_deaths += 1
        status, reason = cause_of_death(attempt, self._limits)
        running = attempt.running
        if attempt.stop is Stop.WORKER_LOST and not attempt.results:
            # What the child last reported died with the worker.
            running = running or self.remaining[0]
        if running is not None:
            self._settle(
                CaseResult(
                    id=running,
                    status=status,
                    message=reason,
                    wall_seconds=attempt.running_wall_seconds or None,
                    judge=self.judge,
                )
            )
        elif not attempt.results:
            # The next attempt would die in the same place.
            when = "importing the tests" if attempt.begun is None else "the run"
            self._detail = f"{when} {reason}"
            self._give_up(status, self._detail)
            return
        match attempt.stop:
            case Stop.OUTPUT:
                self._termination = Termination.OUTPUT_LIMIT
                self._give_up(CaseStatus.CRASH, f"not run: an earlier case {reason}")
            case Stop.PROCESSES:
                self._termination = Termination.PROCESS_LIMIT
                self._give_up(CaseStatus.CRASH, f"not run: an earlier case {reason}")
            case Stop.WALL:
                self.run_out_of_time()
            case _ if self.n_timeouts >= MAX_TIMEOUTS:
                self._give_up_hanging()
            case _ if self._n_deaths >= MAX_DEATHS:
                self._give_up(status, f"not run: {self._n_deaths} cases ended like it")
            case _:
                pass

    def _give_up_hanging(self) -> None:
        self._give_up(
            CaseStatus.TIMEOUT, f"not run: {MAX_TIMEOUTS} cases ran into their limit"
        )

    def _give_up(self, status: CaseStatus, reason: str) -> None:
        self.finished = True
        for case in self.remaining:
            self._settle(
                CaseResult(id=case, status=status, message=reason, judge=self.judge)
            )

    def _final_termination(self, cases: tuple[CaseResult, ...]) -> Termination:
        """Name the worst that happened; a limit of the whole run outranks cases."""
        if self._termination is not Termination.COMPLETED:
            return self._termination
        statuses = {case.status for case in cases}
        if CaseStatus.CRASH in statuses:
            return Termination.CRASHED
        if CaseStatus.MEMORY in statuses:
            return Termination.OUT_OF_MEMORY
        if CaseStatus.TIMEOUT in statuses:
            return Termination.TIMED_OUT
        return Termination.COMPLETED
