"""How a project's own pytest settings name its tests."""

import configparser
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """pytest's defaults, with `tests.py` as Django has it."""

    files: tuple[str, ...] = ("test_*.py", "*_test.py", "tests.py")
    classes: tuple[str, ...] = ("Test",)
    functions: tuple[str, ...] = ("test",)
    folders: tuple[str, ...] = ()
    """`testpaths`."""


def read_naming(read: Callable[[str], str]) -> Naming:
    """From the first file that configures pytest, in pytest's own order."""
    options = (
        _ini(read("pytest.ini"), "pytest")
        or _ini(read(".pytest.ini"), "pytest")
        or _toml(read("pyproject.toml"))
        or _ini(read("tox.ini"), "pytest")
        or _ini(read("setup.cfg"), "tool:pytest")
    )
    usual = Naming()
    return Naming(
        files=_words(options.get("python_files")) or usual.files,
        classes=_words(options.get("python_classes")) or usual.classes,
        functions=_words(options.get("python_functions")) or usual.functions,
        folders=_words(options.get("testpaths")),
    )


def _ini(text: str, section: str) -> Mapping[str, object]:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        # pytest will complain about it in its own words.
        return {}
    return dict(parser[section]) if parser.has_section(section) else {}


def _toml(text: str) -> Mapping[str, object]:
    try:
        document: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    for key in ("tool", "pytest"):
        document = _table(document).get(key)
    table = _table(document)
    return _table(table.get("ini_options")) or table


def _table(value: object) -> Mapping[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _words(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split())
    if isinstance(value, list):
        return tuple(str(word) for word in cast("list[object]", value))
    return ()
