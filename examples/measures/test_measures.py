import pytest
from measures import average, clamp


def test_average_of_one_value_is_that_value():
    assert average([4.0]) == 4.0


def test_average_of_several_values():
    assert average([1.0, 2.0, 6.0]) == pytest.approx(3.0)
    assert average([0.5, 1.0]) == pytest.approx(0.75)


def test_nothing_has_no_average():
    with pytest.raises(ValueError, match="no values"):
        average([])


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (5, 0, 10, 5),
        (-3, 0, 10, 0),
        (42, 0, 10, 10),
        (7, 8, 9, 8),
        pytest.param(3, 3, 3, 3, id="no room"),
    ],
)
def test_clamp(value, low, high, expected):
    assert clamp(value, low, high) == expected
