"""docs/settings.md, written out of the schema: `python tests/support/settings_page.py`."""

from pathlib import Path

from orps_server.settings_schema import settings_table

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

_TEXT = """\
# Settings

This page is generated from `server/orps_server/settings.py` by `make docs`.

Later carriers win: defaults, your `settings.toml` (`orps-lsp doctor` says where),
`[tool.orps]` in `pyproject.toml` (only the settings marked so: a repository must not
choose where your code is sent), the editor's `initializationOptions` and configuration,
and last the command line's flags or a command's overrides. An editor sends the section
`orps`, nested or with dotted names; a misspelled name is answered with the closest one.

`null` means that the proposer decides: a model and the offline proposer have defaults of
their own ([search.md](search.md)). Keys are never settings, only the name of the
environment variable that holds one.

{table}"""


def page() -> str:
    return _TEXT.format(table=settings_table())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
