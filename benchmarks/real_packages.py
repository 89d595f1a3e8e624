"""Verifies functions of well-known packages with these packages' own tests.

    python benchmarks/real_packages.py [--json]

Each source distribution is fetched with pip, one function of it is emptied, and the
original and a mutated body are run against its upstream tests.  The original has to
pass what it passes beside the tests, the mutant has to fail, and the share of tests that
were judged split is told.  Nothing is built or installed but pytest's own needs.
"""

import argparse
import ast
import asyncio
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from orps_sandbox.executor import open_executor
from orps_sandbox.limits import Limits
from orps_sandbox.outcome import CaseStatus, ExecutionOutcome, Judge
from orps_sandbox.program import CaseSelection, Program, Project


@dataclass(frozen=True)
class Package:
    name: str
    file: str
    function: str
    tests: tuple[str, ...]
    mutation: tuple[str, str]
    """Text in the file, once after the function's name, and what it becomes."""


PACKAGES = (
    Package(
        "toolz",
        "toolz/itertoolz.py",
        "groupby",
        ("toolz/tests/test_itertoolz.py",),
        ("for k, v in d.items():", "for k, v in ():"),
    ),
    Package(
        "more-itertools",
        "more_itertools/more.py",
        "chunked",
        ("tests/test_more.py",),
        ("iter(partial(take, n, iter(iterable)), [])", "iter(partial(take, n + 1, iter(iterable)), [])"),
    ),
    Package(
        "python-slugify",
        "slugify/slugify.py",
        "_modern_truncate",
        ("tests",),
        ("<", ">"),
    ),
    Package(
        "inflection",
        "inflection/__init__.py",
        "pluralize",
        ("test_inflection.py",),
        ("if not word or", "if word or"),
    ),
    Package(
        "boltons",
        "boltons/iterutils.py",
        "chunked_iter",
        ("tests/test_iterutils.py",),
        ("yield ", "yield []; yield "),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    package: str
    function: str
    tests: int
    beside: int
    """Passed by the original, run in one process with the tests."""
    passed: int
    """Passed by the original, split where that is possible."""
    split: int
    mutant_failed: int
    unsplittable: list[str]
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("packages", nargs="*", help="names; without, all")
    command = parser.parse_args()
    # Plugins of the interpreter that runs this are no part of the packages' tests.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    rows = [
        asyncio.run(verified(package))
        for package in PACKAGES
        if not command.packages or package.name in command.packages
    ]
    share = sum(row.split for row in rows) / max(sum(row.tests for row in rows), 1)
    if command.json:
        print(json.dumps({"rows": [asdict(row) for row in rows], "split": share}))
    else:
        for row in rows:
            print(
                f"{row.package:18} {row.function:16} {row.passed:4} of {row.tests:4} "
                f"passed ({row.beside} beside), {row.split:4} split, mutant fails "
                f"{row.mutant_failed:3}, {row.seconds:5.1f} s"
            )
            for why in row.unsplittable:
                print(f"    beside: {why}")
        print(f"judged split: {share:.1%}")
    good = all(row.passed >= row.beside and row.mutant_failed for row in rows)
    return 0 if good and share >= 0.9 else 1


async def verified(package: Package) -> Row:
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory() as folder:
        root = fetched(package.name, Path(folder))
        text = (root / package.file).read_text(encoding="utf-8")
        stub = emptied(text, package.function)
        selection = CaseSelection(node_ids=package.tests)
        project = Project(
            root=root, interpreter=Path(sys.executable), overlay={package.file: stub}
        )
        limits = Limits(wall_seconds=300.0, case_seconds=30.0, cpu_seconds=300.0)
        async with open_executor(project, limits=limits, slots=1) as executor:
            collection = await executor.collect(selection)
            for problem in collection.problems:
                print(f"{problem.where}: {problem.message}", file=sys.stderr)
            cases = collection.case_ids

            def program(body: str, *, trace_lines: bool = False) -> Program:
                return Program(
                    files={package.file: body},
                    selection=selection,
                    case_ids=cases,
                    trace_lines=trace_lines,
                )

            beside = await executor.run(program(text, trace_lines=True))
            started = loop.time()
            original = await executor.run(program(text))
            seconds = loop.time() - started
            mutant = await executor.run(program(mutated(text, package)))
        report(beside, original)
    counted = [c for c in original.cases if c.status is not CaseStatus.SKIPPED]
    split = [case for case in counted if case.judge is Judge.SPLIT]
    return Row(
        package=package.name,
        function=package.function,
        tests=len(counted),
        beside=beside.n_passed,
        passed=original.n_passed,
        split=len(split),
        mutant_failed=mutant.n_total - mutant.n_passed,
        unsplittable=[c.id for c in counted if c.judge is not Judge.SPLIT],
        seconds=seconds,
    )


def report(beside: ExecutionOutcome, split: ExecutionOutcome) -> None:
    """Show on stderr where splitting has changed a verdict."""
    before = {case.id: case.status for case in beside.cases}
    for case in split.cases:
        if case.status is not before[case.id]:
            print(f"{case.id}: {case.status.value}\n{case.message}", file=sys.stderr)


def fetched(name: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--dest", str(folder), name]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return next(path for path in folder.iterdir() if path.is_dir())


def emptied(text: str, name: str) -> str:
    """The text with the body of one function replaced."""
    node = next(n for n in functions(text) if n.name == name)
    lines = text.splitlines(keepends=True)
    first, last = node.body[0], node.end_lineno
    assert last is not None
    indent = " " * first.col_offset
    stub = f"{indent}raise NotImplementedError\n"
    return "".join([*lines[: first.lineno - 1], stub, *lines[last:]])


def mutated(text: str, package: Package) -> str:
    before, after = package.mutation
    node = next(n for n in functions(text) if n.name == package.function)
    lines = text.splitlines(keepends=True)
    head = "".join(lines[: node.lineno - 1])
    rest = "".join(lines[node.lineno - 1 :])
    assert before in rest, f"{package.name} is no longer written as expected"
    return head + rest.replace(before, after, 1)


def functions(text: str) -> Iterator[ast.FunctionDef]:
    return (n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef))


if __name__ == "__main__":
    sys.exit(main())
