"""What holds for every test: nobody's own state, cache or settings are touched."""

import os
import tempfile
from collections.abc import Generator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _places_of_our_own() -> Generator[None]:
    """Servers and commands that tests start inherit these."""
    with tempfile.TemporaryDirectory(prefix="orps-tests-") as folder:
        for name in ("STATE", "CACHE", "CONFIG"):
            os.environ[f"XDG_{name}_HOME"] = f"{folder}/{name.lower()}"
        yield
