from orps_server.preimports import foreign_imports


def test_foreign_imports_are_found_in_order_and_once() -> None:
    texts = (
        "import os, numpy.linalg as la\nfrom pandas import DataFrame\n",
        "import pytest\nfrom . import near\nfrom numpy.linalg import norm\n",
        "def f(): import later\n",
        "this is no Python",
    )
    assert foreign_imports(texts) == ("numpy.linalg", "pandas")
