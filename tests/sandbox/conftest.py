from collections.abc import Iterator

import pytest
from blockbuster import blockbuster_ctx


@pytest.fixture(autouse=True)
def _few_plugins(monkeypatch: pytest.MonkeyPatch):
    """Spare each worker the import of this project's own pytest plugins."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


@pytest.fixture(autouse=True)
def _free_event_loop() -> Iterator[None]:
    """Fail a test when the sandbox blocks the event loop."""
    with blockbuster_ctx("orps_sandbox"):
        yield
