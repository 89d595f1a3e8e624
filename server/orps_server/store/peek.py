"""Whether anything was found for a file before; asked before much is loaded."""

import sqlite3
from contextlib import closing
from pathlib import Path


def store_file() -> Path:
    # Imported late: the language server's start should not pay for it.
    from platformdirs import user_state_path  # noqa: PLC0415

    return user_state_path("orps-lsp", appauthor=False) / "searches.sqlite3"


def holds_any(file: Path, store: Path | None = None) -> bool:
    """Also when it cannot be told: then somebody who can say more has to look."""
    store = store or store_file()
    if not store.exists():
        return False
    query = "SELECT 1 FROM searches WHERE file = ? LIMIT 1"
    try:
        # Read-only, so that a look never makes or changes a file.
        uri = f"{store.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0.1)) as connection:
            return connection.execute(query, (str(file),)).fetchone() is not None
    except sqlite3.Error:
        return True
