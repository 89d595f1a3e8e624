import pytest
from durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),
        ("2m", 120),
        ("1h 30m", 5400),
        ("1d 1s", 86401),
        ("90m 90s", 5490),
    ],
)
def test_durations(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "7", "h", "3x", "1m-2s"])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError):
        parse_duration(text)
