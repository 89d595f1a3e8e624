"""Which files no model is shown."""

import pytest

from orps_server.disclosure.excludes import DEFAULT_EXCLUDES, excludes


@pytest.mark.parametrize(
    "path",
    [".env", "deploy/.env.local", "certs/site.pem", "a/b/my_secrets.py", "id_rsa"],
)
def test_kept_back_by_default(path: str) -> None:
    assert not excludes(DEFAULT_EXCLUDES).allows(path)


@pytest.mark.parametrize("path", ["shop/cart.py", "environment.py", "tests/test_x.py"])
def test_shown_by_default(path: str) -> None:
    assert excludes(DEFAULT_EXCLUDES).allows(path)


def test_a_pattern_can_be_taken_back() -> None:
    assert excludes(("*secret*", "!secretary.py")).allows("secretary.py")
