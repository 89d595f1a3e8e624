"""Facts about the repository that a reader or a newcomer relies on."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import orps_server
from support.settings_page import PAGE, page

ROOT = Path(__file__).parents[1]
LINE_BUDGET = 400
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
TEXT_SUFFIXES = {".md", ".py", ".ts", ".json", ".toml", ".lua", ".sh", ".mjs", ""}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def product_modules() -> list[Path]:
    folders = ("server", "search", "sandbox")
    return [path for folder in folders for path in (ROOT / folder).rglob("*.py")]


def test_no_module_outgrows_one_idea():
    sizes = {path: len(path.read_text().splitlines()) for path in product_modules()}
    assert not {path.name: n for path, n in sizes.items() if n > LINE_BUDGET}


def test_the_top_level_folders_are_not_packages():
    for folder in ("server", "search", "sandbox"):
        assert not (ROOT / folder / "__init__.py").exists()


@pytest.mark.parametrize(
    "document", [path for path in tracked() if path.suffix == ".md"], ids=str
)
def test_links_between_documents_lead_somewhere(document: Path):
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    missing = [t for t in local if not (document.parent / t).exists()]
    assert not missing


def test_the_page_of_settings_is_what_the_schema_says():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_the_readme_names_only_existing_make_targets():
    makefile = (ROOT / "Makefile").read_text()
    for name in re.findall(r"\bmake (\w+)", (ROOT / "README.md").read_text()):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_extension_and_server_carry_one_version():
    package = json.loads((ROOT / "package.json").read_text())
    assert package["version"] == orps_server.__version__


def test_the_changelog_begins_with_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text()
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert versions[0] == orps_server.__version__


def test_no_path_of_a_machine_is_committed():
    home = re.compile(r"(?<![\w.~])/(?:root|home/\w+)/")
    offending: list[str] = []
    for path in tracked():
        if path == Path(__file__) or path.suffix not in TEXT_SUFFIXES:
            continue
        if found := home.search(path.read_text(encoding="utf-8", errors="ignore")):
            offending.append(f"{path.relative_to(ROOT)}: {found[0]}")
    assert not offending


def test_the_lock_file_works_with_every_package_index():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert not [name for name, one in lock["packages"].items() if "resolved" in one]


def test_the_worker_needs_nothing_but_the_standard_library():
    """It runs in other people's environments, without their site-packages here."""
    worker = ROOT / "sandbox" / "orps_sandbox" / "worker" / "__main__.py"
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import runpy; runpy.run_path({str(worker)!r})",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
