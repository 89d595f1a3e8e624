from lookup import position


def test_every_item_is_found():
    items = [2, 3, 5, 7, 11, 13]
    for index, item in enumerate(items):
        assert position(items, item) == index


def test_the_only_item_is_found():
    assert position([4], 4) == 0


def test_what_is_missing():
    assert position([2, 4, 6], 5) == -1
    assert position([], 1) == -1
