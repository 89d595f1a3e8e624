"""What a first look at the killing cases saves, beside running every candidate whole.

    python benchmarks/cascade.py [--problems 12] [--programs 30]

Two streams of programs, each executed twice in turn, whole and by the cascade:

    ClassEval   recorded classes of many models, against the visible unittest methods
    LBPP        mutants of the reference, since nothing of LBPP was recorded, against the
                visible and the hidden tests as one suite of a person who tests a lot
    slow        the same, with a quarter of a second of sleep in each test

Prints for both ways: cases executed, seconds, and how many programs passed, which has to
be the same number.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import anyio

from orps_sandbox.errors import SandboxError
from orps_sandbox.observation import Observation
from orps_sandbox.outcome import ExecutionOutcome
from orps_sandbox.program import Program
from orps_search.candidate import Candidate, CandidateId
from orps_search.cascade import Cascade
from orps_search.execution import Runner, execute_candidate, normal_form
from orps_search.mutation import REFACTORINGS, edits_of, sources_of
from orps_search.proposer import Proposal
from orps_server.bench.dataset import load_data_sets
from orps_server.bench.folder import open_task, scoring_task
from orps_server.bench.recording import load_recordings, read_recording
from orps_server.bench.task import Problem, Task
from orps_server.errors import RequestFault
from orps_server.settings import settings_from_json

DATA = Path(__file__).parents[2] / "shared" / "data"
SLEEP = "    import time; time.sleep(0.25)\n"


@dataclass(kw_only=True)
class Spent:
    n_cases: int = 0
    seconds: float = 0.0
    passed: list[str] = field(default_factory=list[str])


@dataclass(kw_only=True)
class Counting:
    """Runs programs, and counts cases and seconds."""

    runner: Runner
    spent: Spent

    async def run(self, program: Program) -> ExecutionOutcome:
        started = time.monotonic()
        outcome = await self.runner.run(program)
        self.spent.seconds += time.monotonic() - started
        self.spent.n_cases += len(program.case_ids)
        return outcome

    async def observe(
        self, program: Program, calls: tuple[str, ...], *, module_path: str
    ) -> tuple[Observation, ...]:
        return await self.runner.observe(program, calls, module_path=module_path)


async def compare(task: Task, codes: Sequence[str], spent: dict[str, Spent]) -> None:
    settings = settings_from_json({"tests": {"timeoutSeconds": 3}})[0]
    async with open_task(task, settings) as workbench:
        cascade = Cascade(workbench.problem.case_ids)
        for code in codes:
            for way, counted in spent.items():
                candidate = await execute_candidate(
                    workbench.problem,
                    Proposal(reasoning="", code=code),
                    Counting(runner=workbench.executor, spent=counted),
                    id=CandidateId("c1"),
                    cascade=cascade if way == "cascade" else None,
                )
                if isinstance(candidate, Candidate) and candidate.outcome.all_passed:
                    counted.passed.append(code)


def distinct(codes: Iterator[str], limit: int) -> list[str]:
    return list(islice({normal_form(code): code for code in codes}.values(), limit))


def mutants(reference: str, name: str) -> Iterator[str]:
    """The reference among its faults, which come in an order that mixes their kinds."""
    edits = [
        edit
        for source in sources_of(reference, name)
        for edit in edits_of(source)
        if edit.operator not in REFACTORINGS
    ]
    yield reference
    for edit in edits[:: max(1, len(edits) // 60)]:
        yield reference[: edit.start] + edit.replacement + reference[edit.end :]


def streams(n_problems: int, n_programs: int) -> Iterator[tuple[str, Task, list[str]]]:
    def spread(found: Sequence[Problem]) -> Sequence[Problem]:
        return found[:: max(1, len(found) // n_problems)][:n_problems]

    classes = load_data_sets([DATA / "problems" / "classeval.jsonl"]).problems
    rows = load_recordings([DATA / "replays" / "classeval_multi.jsonl.gz"])
    recorded = {row.task_id: row for row in rows}
    known = [each for each in classes if each.task.id in recorded]
    for problem in spread(known):
        drafts = read_recording(recorded[problem.task.id]).drafts
        codes = distinct((draft.code for draft in drafts), n_programs)
        yield "ClassEval", problem.task, codes
    functions = load_data_sets([DATA / "problems" / "lbpp.jsonl"]).problems
    for problem in spread([each for each in functions if each.hidden.reference]):
        name = problem.task.qualname
        codes = distinct(mutants(problem.hidden.reference, name), n_programs)
        task = scoring_task(problem.task, problem.hidden.tests)
        yield "LBPP", task, codes
        slow = task.tests.replace("():\n", f"():\n{SLEEP}")
        yield "slow", replace(task, tests=slow), codes[: n_programs // 3]


async def run(n_problems: int, n_programs: int) -> None:
    found: dict[str, dict[str, Spent]] = {}
    n_codes: dict[str, int] = {}
    for name, task, codes in streams(n_problems, n_programs):
        spent = found.setdefault(name, {"whole": Spent(), "cascade": Spent()})
        try:
            await compare(task, codes, spent)
        except (RequestFault, SandboxError) as error:
            print(f"left out {task.id}: {error}", file=sys.stderr)
            continue
        n_codes[name] = n_codes.get(name, 0) + len(codes)
        print(f"\r{name}: {n_codes[name]} programs", end="", file=sys.stderr)
    print("\n| set | programs | way | cases run | seconds | passed |")
    print("|---|---|---|---|---|---|")
    for name, spent in found.items():
        for way, each in spent.items():
            print(
                f"| {name} | {n_codes[name]} | {way} | {each.n_cases} "
                f"| {each.seconds:.1f} | {len(each.passed)} |"
            )
        if spent["whole"].passed != spent["cascade"].passed:
            sys.exit(f"{name}: other programs passed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=12)
    parser.add_argument("--programs", type=int, default=30)
    given = parser.parse_args()
    anyio.run(run, given.problems, given.programs)
