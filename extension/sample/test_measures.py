from measures import average, clamp


def test_average():
    assert average([1, 2, 3]) == 2
    assert average([4]) == 4
    assert average([1, 2]) == 1.5


def test_clamp_keeps_what_is_between():
    assert clamp(5, 0, 10) == 5


def test_clamp_stops_at_both_ends():
    assert clamp(-3, 0, 10) == 0
    assert clamp(42, 0, 10) == 10
