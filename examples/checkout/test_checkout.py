import asyncio

from checkout import total


def test_total_of_one_line():
    assert asyncio.run(total([250], [2])) == 500


def test_total_of_several_lines():
    assert asyncio.run(total([100, 30], [1, 4])) == 220


def test_an_empty_basket_costs_nothing():
    assert asyncio.run(total([], [])) == 0
