"""Where settings come from before an editor or a command line adds its own.

Defaults, then the person's file, then `[tool.orps]` of the project, then the
environment. A repository may only say how its tests are searched and run: whoever
clones one must not find their code or key sent elsewhere, or their machine opened.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from orps_server.settings import (
    Settings,
    settings_from_json,
    settings_from_repository,
)


def layered_settings(
    root: Path | None, environment: Mapping[str, str], user_file: Path | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """Read the layers for a project; `user_file` stands for `user_settings_file()`."""
    user_file = user_file or user_settings_file()
    settings, complaints = settings_from_json(_toml(user_file))
    if root is not None:
        project_file = root / "pyproject.toml"
        section = _tool_section(_toml(project_file))
        settings, more = settings_from_repository(section, base=settings)
        complaints = (*complaints, *(f"{project_file}: {each}" for each in more))
    url = environment.get("OPENAI_BASE_URL")
    settings, more = settings_from_json(
        {"llm": {"baseUrl": url}} if url else None, base=settings
    )
    return settings, (*complaints, *more)


def user_settings_file() -> Path:
    # Imported late: the language server's start should not pay for it.
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path("orps-lsp", appauthor=False) / "settings.toml"


def _toml(file: Path) -> Mapping[str, object]:
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    try:
        return tomllib.loads(content.decode())
    except ValueError:
        # pytest reads the same pyproject.toml, and says better what is wrong in it.
        return {}


def _tool_section(document: Mapping[str, object]) -> object:
    tools = document.get("tool")
    if not isinstance(tools, Mapping):
        return None
    return cast("Mapping[str, object]", tools).get("orps")
