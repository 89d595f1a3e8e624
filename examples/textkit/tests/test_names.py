import pytest
from textkit.names import initials


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Ada Lovelace", "AL"),
        ("Élodie Ångström", "ÉÅ"),
        ("østen ødegård vik", "ØØV"),
        ("Ωmega", "Ω"),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected
