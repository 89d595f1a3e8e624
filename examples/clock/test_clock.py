from clock import Clock


def test_midnight():
    assert Clock.in_minutes(0, 0) == 0


def test_in_minutes():
    assert Clock.in_minutes(1, 30) == 90
    assert Clock.in_minutes(23, 59) == 1439


def test_is_evening():
    assert Clock.is_evening(18)
    assert Clock.is_evening(23)
    assert not Clock.is_evening(17)
    assert not Clock.is_evening(0)
