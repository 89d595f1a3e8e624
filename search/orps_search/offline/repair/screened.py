"""Repairs a body with failing tests: edits are screened by the hundred, then proposed.

First the body is run once with its lines traced: that is the blame. Then its edits
are screened in the order of their likelihood, the failing cases first, and what
passes all is proposed. Where no single edit does, pairs are tried, those first of
which one edit already made a failing case pass. Where a body gives no wrong value and
fails all the same, of several edits that pass those are proposed that change none. At the
end the best of what helps a little is proposed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Protocol

import anyio

from orps_sandbox.observation import Observation
from orps_sandbox.outcome import CaseResult, CaseStatus, ExecutionOutcome
from orps_sandbox.program import Program
from orps_sandbox.screening import Screened, Variant
from orps_search.execution import OBSERVED_SECONDS
from orps_search.inputs import calls_to_observe
from orps_search.mutation.edits import applied
from orps_search.offline.reading.reader import read_examples
from orps_search.offline.reading.subject import subject_of
from orps_search.offline.repair.order import Ranked, pairs_of, ranked_edits
from orps_search.offline.repair.trust import gives_no_wrong_value, keeps
from orps_search.problem import Problem
from orps_search.proposer import Proposal
from orps_search.selection.outputs import normal_output
from orps_search.source.fault import TargetFault
from orps_search.source.find import find_target

_FIRST_BATCH: Final = 12
_BATCH: Final = 48
_LANES: Final = 2
"""Batches at a time."""
_MAX_PAIRS: Final = 6000
_AFTER_THE_FIRST: Final = 150
"""Edits still tried at most once one has passed: a likelier repair may follow."""
_NEARLY_AS_LIKELY: Final = 2.0
_MAX_PROPOSED: Final = 3
_MAX_COMPARED: Final = 12
"""Edits that pass, compared by what they do on further calls."""
_MAX_PROMISING: Final = 12
_TRACED_CASE_SECONDS: Final = 1.0
_SHORTEST_CASE_SECONDS: Final = 0.05
_PATIENCE: Final = 10
"""How many times as long as the slowest passing case a case of a variant may take."""
_PATIENT_CASE_SECONDS: Final = 2.0
_MAX_PATIENT: Final = 64
"""Edits that get that much: where a loop never ends, most edits do not end it."""


class Screener(Protocol):
    """Runs and screens; `orps_sandbox.executor.Executor` is one."""

    async def run(self, program: Program) -> ExecutionOutcome: ...

    async def screen(
        self,
        program: Program,
        variants: Sequence[Variant],
        *,
        module_path: str,
        stops_at_failure: bool = True,
    ) -> tuple[Screened, ...]: ...

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """Edits that are made together, and how they did."""

    edits: tuple[Ranked, ...]
    screened: Screened

    @property
    def score(self) -> float:
        return sum(each.score for each in self.edits)


class ScreenedRepair:
    """The repairs of one problem's present body, found when they are asked for."""

    def __init__(
        self, problem: Problem, screener: Screener, *, seed: int = 0, blame: bool = True
    ) -> None:
        self._problem = problem
        self._screener = screener
        self._seed = seed
        self._blame = blame
        self._text = problem.runnable_text
        self._found: list[_Try] | None = None
        self.n_screened = 0
        self.solved = False
        """Whether something passed all cases when it was screened."""

    async def next(self) -> Proposal | None:
        """Return the next likeliest repair, or nothing when all were returned."""
        if self._found is None:
            self._found = await self._search()
        while self._found:
            proposal = self._proposal(self._found.pop(0))
            if proposal is not None:
                return proposal
        return None

    async def _search(self) -> list[_Try]:
        program = Program(
            files={self._problem.module_path: self._text},
            selection=self._problem.selection,
            case_ids=self._problem.case_ids,
            case_seconds=_TRACED_CASE_SECONDS,
            trace_lines=True,
        )
        outcome = await self._screener.run(program)
        if outcome.all_passed or not outcome.n_total:
            return []
        case_ids, n_before = _in_order(outcome.cases)
        program = replace(
            program,
            case_ids=case_ids,
            case_seconds=_case_seconds(outcome),
            trace_lines=False,
        )
        subject = subject_of(self._problem)
        edits = ranked_edits(
            self._text,
            self._problem.target.qualname,
            outcome=outcome,
            examples=read_examples(self._problem, subject).examples if subject else (),
            seed=self._seed,
            blame=self._blame,
        )
        singles = await self._screen(program, [(each,) for each in edits])
        n_cases = len(program.case_ids)
        fixes = _passing(singles, n_cases)
        if not fixes:
            # What needs longer than the broken body did; now that time matters less.
            cut = [each.edits for each in singles if _was_cut(each, n_cases)]
            patient = replace(program, case_seconds=_PATIENT_CASE_SECONDS)
            cut = cut[:_MAX_PATIENT]
            fixes = _passing(await self._screen(patient, cut), n_cases)
        promising = _promising(singles, n_before)
        if not fixes:
            helpful = [each.edits[0] for each in promising]
            pairs = islice(pairs_of(helpful, edits), _MAX_PAIRS)
            fixes = _passing(await self._screen(program, list(pairs)), n_cases)
        if fixes:
            self.solved = True
            if len(fixes) > 1 and gives_no_wrong_value(outcome):
                fixes = await self._keeping(program, fixes[:_MAX_COMPARED]) or fixes
            best = fixes[0].score + _NEARLY_AS_LIKELY
            return [each for each in fixes[:_MAX_PROPOSED] if each.score <= best]
        return promising[:_MAX_PROPOSED]

    async def _screen(
        self, program: Program, groups: Sequence[tuple[Ranked, ...]]
    ) -> list[_Try]:
        """Screen in order; stop some time after the first that passes all."""
        n_cases = len(program.case_ids)
        tries: list[_Try] = []
        end = len(groups)
        for lanes in _lanes(groups):
            if len(tries) >= end:
                break
            results: list[list[_Try]] = [[] for _ in lanes]
            async with anyio.create_task_group() as tasks:
                for lane, result in zip(lanes, results, strict=True):
                    tasks.start_soon(self._screen_batch, program, lane, result)
            for each in [each for result in results for each in result]:
                tries.append(each)
                if each.screened.passed.count(True) == n_cases:
                    end = min(end, _end_after(each, groups, len(tries)))
        return tries

    async def _screen_batch(
        self,
        program: Program,
        groups: Sequence[tuple[Ranked, ...]],
        result: list[_Try],
    ) -> None:
        screened = await self._screener.screen(
            program,
            [
                tuple((e.edit.start, e.edit.end, e.edit.replacement) for e in group)
                for group in groups
            ],
            module_path=self._problem.module_path,
        )
        self.n_screened += len(groups)
        result += [
            _Try(edits=group, screened=each)
            for group, each in zip(groups, screened, strict=True)
        ]

    async def _keeping(self, program: Program, fixes: Sequence[_Try]) -> list[_Try]:
        """Return those that change no value of the present body on further calls."""
        calls = calls_to_observe(self._problem)
        if not calls:
            return []
        before = await self._observed(program, self._text, calls)
        return [
            each
            for each in fixes
            if keeps(before, await self._observed(program, self._edited(each), calls))
        ]

    async def _observed(
        self, program: Program, text: str, calls: tuple[str, ...]
    ) -> list[str]:
        path = self._problem.module_path
        edited = replace(program, files={path: text}, case_seconds=OBSERVED_SECONDS)
        seen = await self._screener.observe(edited, calls, module_path=path)
        return list(map(normal_output, seen))

    def _edited(self, found: _Try) -> str:
        text = self._text
        for each in sorted(found.edits, key=lambda each: -each.edit.start):
            text = applied(text, each.edit)
        return text

    def _proposal(self, found: _Try) -> Proposal | None:
        target = find_target(self._edited(found), self._problem.target.qualname)
        if isinstance(target, TargetFault):
            return None
        what = " and ".join(each.edit.what for each in found.edits)
        number = "one edit" if len(found.edits) == 1 else "two edits"
        return Proposal(
            reasoning=f"Repaired by the offline proposer, no model involved: {number},"
            f" {what}.",
            code=target.source,
        )


def _end_after(found: _Try, groups: Sequence[tuple[Ranked, ...]], n_tried: int) -> int:
    """Return how far to go on once something passed: while others are as likely."""
    limit = found.score + _NEARLY_AS_LIKELY
    for index in range(n_tried, min(len(groups), n_tried + _AFTER_THE_FIRST)):
        if sum(each.score for each in groups[index]) > limit:
            return index
    return n_tried + _AFTER_THE_FIRST


def _lanes(
    groups: Sequence[tuple[Ranked, ...]],
) -> Iterator[list[tuple[tuple[Ranked, ...], ...]]]:
    """Cut into batches, and these into as many as run side by side; small ones first."""
    pending = iter(groups)
    size = _FIRST_BATCH
    while taken := list(islice(pending, size * _LANES)):
        # Dealt out by turns, so that the lanes end at about the same time.
        yield [tuple(taken[lane::_LANES]) for lane in range(_LANES) if taken[lane:]]
        size = min(2 * size, _BATCH)


def _in_order(cases: Sequence[CaseResult]) -> tuple[tuple[str, ...], int]:
    """Order cases so that a wrong variant is found out soonest.

    And say how many come before the first that the body fails. Cases that hang cost
    all the time that there is, so whatever ends comes before them.
    """

    def rank(case: CaseResult) -> tuple[int, float]:
        return _RANKS.get(case.status, 0), case.wall_seconds or 0.0

    counted = [case for case in cases if case.status is not CaseStatus.SKIPPED]
    ordered = sorted(counted, key=rank)
    failing = [index for index, case in enumerate(ordered) if not _is_passed(case)]
    return tuple(case.id for case in ordered), failing[0] if failing else 0


_RANKS: Final = {CaseStatus.PASSED: 1, CaseStatus.TIMEOUT: 2}


def _is_passed(case: CaseResult) -> bool:
    return case.status is CaseStatus.PASSED


def _case_seconds(outcome: ExecutionOutcome) -> float:
    ended = [
        case.cpu_seconds or case.wall_seconds or 0.0
        for case in outcome.cases
        if case.status in (CaseStatus.PASSED, CaseStatus.FAILED)
    ]
    patient = max(_SHORTEST_CASE_SECONDS, _PATIENCE * max(ended, default=0.0))
    return min(patient, _PATIENT_CASE_SECONDS)


def _passing(tries: Sequence[_Try], n_cases: int) -> list[_Try]:
    """Return those that pass all cases, the likeliest first."""
    passing = [each for each in tries if each.screened.passed.count(True) == n_cases]
    return sorted(passing, key=lambda each: each.score)


def _was_cut(found: _Try, n_cases: int) -> bool:
    """Whether a variant failed no case, and did not come to the end either."""
    passed = found.screened.passed
    return found.screened.tried and all(passed) and len(passed) < n_cases


def _promising(singles: Sequence[_Try], n_before: int) -> list[_Try]:
    """Return what made the first failing case pass, and broke none before it."""
    reached = n_before + 1
    helped = [
        each for each in singles if each.screened.passed[:reached] == (True,) * reached
    ]
    helped.sort(key=lambda each: (-each.screened.passed.count(True), each.score))
    return helped[:_MAX_PROMISING]
