import pytest

from durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("2m", 120), ("1h30m", 5400), ("1h1m1s", 3661)]
)
def test_units_add_up(text, seconds):
    assert parse_duration(text) == seconds


def test_other_texts_are_refused():
    with pytest.raises(ValueError):
        parse_duration("soon")
