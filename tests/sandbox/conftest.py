import pytest


@pytest.fixture(autouse=True)
def _few_plugins(monkeypatch: pytest.MonkeyPatch):
    """Spare each worker the import of this project's own pytest plugins."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
