"""What every tier has to do alike: one suite, run in each that works on this host.

What only some tiers promise, isolation above all, is in `test_tiers` and the corpora.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent

import pytest

from orps_sandbox.executor import Executor, open_executor
from orps_sandbox.outcome import Judge, Termination, Tier
from orps_sandbox.program import CaseSelection, Program
from support.sandbox_projects import (
    HONEST,
    LIMITS,
    MODULE,
    TESTS,
    processes_mentioning,
    run,
    write_stub,
)
from support.tiers import confining_tiers

ALL = (*confining_tiers(), Tier.C)
PASSED, FAILED = ["passed"] * 4, ["failed"] * 4


@dataclass(frozen=True, kw_only=True)
class Bench:
    tier: Tier
    root: Path
    executor: Executor


@pytest.fixture(params=ALL, ids=lambda tier: tier.value)
async def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Bench]:
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    project = write_stub(tmp_path / "p")
    limits = replace(LIMITS, case_seconds=1.0, output_bytes=100_000)
    before = {path: path.read_bytes() for path in project.root.rglob("*.py")}
    async with open_executor(
        project, limits=limits, slots=1, tier=request.param
    ) as executor:
        yield Bench(tier=request.param, root=project.root, executor=executor)
    assert processes_mentioning(str(tmp_path.name)) == []
    after = {
        path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()
    }
    assert after == before, "the person's tree is only read"


CANDIDATES = [
    ("honest", HONEST, PASSED, Termination.COMPLETED),
    ("wrong", "def solve(x):\n    return x\n", None, Termination.COMPLETED),
    (
        "raises",
        "def solve(x):\n    raise ValueError(x)\n",
        FAILED,
        Termination.COMPLETED,
    ),
    ("no import", "import nothing_of_this_name\n", ["error"] * 4, None),
    ("loop", "def solve(x):\n    while True: pass\n", ["timeout"] * 4, None),
    ("exits", "import os\ndef solve(x):\n    os._exit(0)\n", ["crash"] * 4, None),
    (
        "hoards",
        "def solve(x):\n    return bytearray(1 << 34)\n",
        ["memory"] * 4,
        None,
    ),
    (
        "floods",
        "def solve(x):\n    while True: print('y' * 10_000)\n",
        None,
        Termination.OUTPUT_LIMIT,
    ),
    (
        "key",
        "import os\ndef solve(x):\n    return os.environ.get('OPENAI_API_KEY') or 2 * x\n",
        PASSED,
        Termination.COMPLETED,
    ),
]


@pytest.mark.slow
async def test_verdicts_are_those_of_every_tier(bench: Bench):
    """And after each of them, an honest candidate passes in the same worker."""
    for name, candidate, words, termination in CANDIDATES:
        verdict = await run(bench.executor, candidate)
        assert verdict.outcome.tier is bench.tier, name
        assert words in (None, verdict.words), (name, verdict.words)
        assert termination in (None, verdict.outcome.termination), name
        assert (name in {"honest", "key"}) == verdict.outcome.all_passed, name
        honest = await run(bench.executor, HONEST)
        assert honest.words == PASSED, name
        assert honest.outcome.judge is Judge.SPLIT, name


async def test_what_else_every_tier_can(bench: Bench):
    executor = bench.executor
    selection = CaseSelection(node_ids=(TESTS,))
    collection = await executor.collect(selection)
    assert len(collection.case_ids) == 4
    program = Program(
        files={MODULE: dedent(HONEST)},
        selection=selection,
        case_ids=collection.case_ids,
    )
    seen = await executor.observe(program, ("solve(21)", "solve"), module_path=MODULE)
    assert seen[0].text == "42"
    (measured,) = await executor.profile([program], repeats=1, seconds=5)
    assert measured.cpu_seconds.value is not None
    assert executor.confinement.tier is bench.tier
    assert not executor.confinement.shortfalls
