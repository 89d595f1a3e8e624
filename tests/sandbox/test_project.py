"""The project as a run sees it: private copy, imports, configuration, environment."""

import os
import sys
from pathlib import Path

import pytest

from orps_sandbox.executor import open_executor
from orps_sandbox.program import CaseSelection
from support.sandbox_projects import (
    CASES,
    HONEST,
    LIMITS,
    STUB,
    run,
    run_once,
    write_project,
    write_stub,
)


def snapshot(root: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
        for path in sorted(root.rglob("*"))
    }


async def test_writes_reach_neither_the_user_nor_the_next_run(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "m.py": STUB,
            "data/in.txt": "original",
            "data/gone.txt": "still here",
            "test_m.py": """
                import os
                from pathlib import Path
                from m import solve

                def test_tree():
                    here = Path(__file__).parent
                    assert (here / "data/in.txt").read_text() == "original"
                    assert (here / "data/gone.txt").read_text() == "still here"
                    assert not (here / "new").exists()
                    assert not os.listdir(os.environ["HOME"])
                    solve(1)
            """,
        },
    )
    before = snapshot(tmp_path)
    vandal = """
        import os, shutil
        from pathlib import Path

        def solve(x):
            here = Path(__file__).parent
            (here / "data/in.txt").write_text("changed!")
            (here / "test_m.py").write_text("def test_tree(): pass")
            (here / "new/deep").mkdir(parents=True)
            (here / "new/deep/file").write_text("x")
            shutil.rmtree(here / "data/../data/gone.txt", ignore_errors=True)
            os.unlink(here / "data/gone.txt")
            (Path.home() / "left").write_text("x")
            os.chmod(here / "data", 0)
    """
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        for _ in range(3):
            # Traced runs are not split; only these let a candidate touch the tests.
            verdict = await run(executor, vandal, trace_lines=True)
            assert verdict.words == ["passed"], verdict.outcome.cases[0].message
    assert snapshot(tmp_path) == before


async def test_unsaved_texts_replace_the_files(tmp_path: Path):
    project = write_project(
        tmp_path,
        {"m.py": "syntax error on disk", "test_m.py": "def test_old(): pass\n"},
        overlay={
            "test_m.py": "from m import solve\ndef test_new(): assert solve(2) == 4\n"
        },
    )
    verdict = await run_once(project, HONEST)
    assert verdict.collection.case_ids == ()
    assert "invalid syntax" in verdict.collection.problems[0].message
    overlay = {**project.overlay, "m.py": "def solve(x): ...\n"}
    project = write_project(tmp_path, {}, overlay=overlay)
    verdict = await run_once(project, HONEST)
    assert verdict.statuses == {"test_m.py::test_new": "passed"}


async def test_text_reaches_python_byte_for_byte(tmp_path: Path):
    cases = "from m import solve\ndef test_it(): assert solve() == ['é', 1, 3]\n"
    project = write_stub(tmp_path, cases=cases)
    text = (
        "# -*- coding: latin-1 -*-\r\n"
        "def solve():\r\n"
        "    raw = open(__file__, 'rb').read()\r\n"
        "    return ['é', raw.count(b'\\xe9'), raw.count(b'\\r\\n') - 1]\r\n"
    )
    async with open_executor(project, limits=LIMITS, slots=1) as executor:
        # A split run has the person's own text on the disk.
        verdict = await run(executor, text, trace_lines=True)
    assert verdict.words == ["passed"], verdict.outcome.cases[0].message


async def test_src_layout_and_packages_without_installation(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "src/pkg/__init__.py": "",
            "src/pkg/m.py": STUB,
            "lib/other/__init__.py": "",
            "lib/other/m.py": STUB,
            "tests/test_m.py": """
                from pkg.m import solve
                def test_it(): assert solve(2) == 4
            """,
            "tests/test_other.py": """
                from other.m import solve
                def test_it(): assert solve(2) == 4
            """,
        },
    )
    selection = CaseSelection(node_ids=("tests/test_m.py",))
    verdict = await run_once(
        project, HONEST, module="src/pkg/m.py", selection=selection
    )
    assert verdict.words == ["passed"]
    # Only the overlay or the candidate names the folder `lib`.
    overlay = {"lib/other/m.py": "def solve(x): ...\n"}
    project = write_project(tmp_path, {}, overlay=overlay)
    selection = CaseSelection(node_ids=("tests/test_other.py",))
    verdict = await run_once(
        project, HONEST, module="lib/other/m.py", selection=selection
    )
    assert verdict.words == ["passed"]


async def test_configuration_and_conftest_of_the_project(tmp_path: Path):
    project = write_project(
        tmp_path,
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                addopts = ["-x", "--strict-markers", "--strict-config", "-p", "no:doctest"]
                python_functions = ["check_*"]
                filterwarnings = ["error"]
                markers = ["mine: a marker"]
            """,
            "conftest.py": """
                import pytest

                @pytest.fixture
                def two():
                    return 2
            """,
            "tests/conftest.py": """
                import pytest

                @pytest.fixture
                def four(two):
                    return two + two
            """,
            "m.py": STUB,
            "tests/test_m.py": """
                import warnings
                import pytest
                from m import solve

                def check_wrong(): assert solve(1) == 3

                @pytest.mark.mine
                def check_it(two, four, tmp_path, monkeypatch):
                    assert solve(two) == four

                def check_captured(capsys):
                    print("out")
                    assert capsys.readouterr().out == "out\\n"

                def check_warning():
                    warnings.warn("loud")
            """,
        },
    )
    verdict = await run_once(
        project, HONEST, selection=CaseSelection(node_ids=("tests/test_m.py",))
    )
    assert verdict.collection.problems == ()
    assert verdict.statuses == {
        "tests/test_m.py::check_wrong": "failed",
        "tests/test_m.py::check_it": "passed",
        "tests/test_m.py::check_captured": "passed",
        "tests/test_m.py::check_warning": "failed",
    }


async def test_plugins_that_the_project_switches_off_stay_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    project = write_project(
        tmp_path,
        {
            "pytest.ini": "[pytest]\naddopts = -p no:timeout -p no:asyncio\n",
            "m.py": STUB,
            "test_m.py": """
                from m import solve

                def test_solve(pytestconfig):
                    assert not pytestconfig.pluginmanager.hasplugin("timeout")
                    assert solve(1) == 2
            """,
        },
    )
    verdict = await run_once(project, HONEST)
    assert verdict.collection.problems == ()
    assert verdict.words == ["passed"]


async def test_installed_plugins_work_and_do_not_interfere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With all plugins of the running environment, as a project usually has them."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    project = write_project(
        tmp_path,
        {
            "pytest.ini": """
                [pytest]
                addopts = -x --timeout=1 --durations=3 --ff --doctest-modules -v
                asyncio_mode = auto
                asyncio_default_fixture_loop_scope = function
                filterwarnings = error
            """,
            "m.py": STUB,
            "test_m.py": """
                from m import solve

                async def test_async():
                    assert solve(1) == 2

                def test_wrong():
                    assert solve(1) == 3

                def test_after():
                    assert solve(2) == 4
            """,
        },
    )
    verdict = await run_once(project, HONEST)
    assert verdict.collection.problems == ()
    assert verdict.words == ["passed", "failed", "passed"]


PATH_FILE_FINDERS = """
    import sys
    from importlib.machinery import ModuleSpec
    from importlib.util import spec_from_file_location

    class EditableFinder:
        @classmethod
        def find_spec(cls, name, path=None, target=None):
            if name == "edit":
                return spec_from_file_location(
                    name, {package!r} + "/__init__.py",
                    submodule_search_locations=[{package!r}],
                )

    sys.meta_path.append(EditableFinder)
"""


async def test_editable_installs_are_loaded_from_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What `.pth` files do at start-up, here done by a `sitecustomize`."""
    root, site = tmp_path / "project", tmp_path / "site"
    package = str(root / "code" / "edit")
    project = write_project(
        root,
        {
            "code/edit/__init__.py": "",
            "code/edit/m.py": STUB,
            "other/plain.py": "where = __file__\n",
            "test_m.py": """
                import plain
                from edit.m import solve

                def test_it():
                    assert solve(2) == 4
                    print(plain.where, solve.__code__.co_filename)
            """,
        },
    )
    write_project(
        site,
        {
            "sitecustomize.py": PATH_FILE_FINDERS.format(package=package)
            + f"    sys.path.append({str(root / 'other')!r})\n"
        },
    )
    monkeypatch.setenv("PYTHONPATH", str(site))
    verdict = await run_once(project, HONEST, module="code/edit/m.py")
    assert verdict.words == ["passed"]
    assert str(root) not in verdict.outcome.output


async def test_environments_in_the_project_are_not_copied_and_still_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    packages = tmp_path / ".venv/lib/site-packages"
    project = write_project(
        tmp_path,
        {
            "m.py": STUB,
            ".venv/pyvenv.cfg": "home = /nowhere\n",
            ".venv/lib/site-packages/installed.py": "where = __file__\n",
            "test_m.py": """
                import os
                import installed
                from m import solve

                def test_it():
                    assert solve(2) == 4
                    assert not os.path.exists(".venv")
                    assert not os.path.exists(".git")
                    print(installed.where)
            """,
            ".git/HEAD": "ref: refs/heads/main\n",
        },
    )
    monkeypatch.setenv("PYTHONPATH", str(packages))
    verdict = await run_once(project, HONEST)
    assert verdict.words == ["passed"]
    assert verdict.outcome.output.strip() == str(packages / "installed.py")


async def test_nothing_of_the_worker_shadows_the_project(tmp_path: Path):
    """Names of our own modules, and of the package itself, belong to the project."""
    project = write_project(
        tmp_path,
        {
            "m.py": STUB,
            "plugin.py": "name = 'mine'\n",
            "frames.py": "name = 'mine'\n",
            "orps_sandbox/__init__.py": "name = 'mine'\n",
            "orps_sandbox/worker.py": "name = 'mine'\n",
            "test_m.py": """
                import frames, plugin, orps_sandbox, orps_sandbox.worker
                from m import solve

                def test_it():
                    modules = frames, plugin, orps_sandbox, orps_sandbox.worker
                    assert {m.name for m in modules} == {"mine"}
                    assert solve(2) == 4
            """,
        },
    )
    verdict = await run_once(project, HONEST)
    assert verdict.words == ["passed"]


@pytest.mark.parametrize(
    "interpreter",
    dict.fromkeys(
        [
            sys.executable,
            *filter(None, os.environ.get("ORPS_TEST_PYTHONS", "").split(os.pathsep)),
        ]
    ),
)
async def test_interpreters(tmp_path: Path, interpreter: str):
    """The running one always; others by ORPS_TEST_PYTHONS, each with a pytest."""
    cases = (
        CASES
        + """
    def test_loop():
        solve("loop")
    """
    )
    project = write_project(
        tmp_path, {"m.py": STUB, "test_m.py": cases}, interpreter=Path(interpreter)
    )
    verdict = await run_once(
        project,
        """
        import sys

        def solve(x):
            if x == "loop":
                raise SystemExit
            print(sys.executable)
            return 2 * x
        """,
    )
    assert verdict.words == ["passed"] * 4 + ["crash"]
    assert str(Path(interpreter).parent) in verdict.outcome.output
    assert verdict.outcome.profile.peak_memory_bytes is not None
