import pytest
from parcels import tariff


@pytest.mark.parametrize("kilograms", [1, 2, 4])
def test_light_parcels_are_small(kilograms):
    assert tariff(kilograms) == "small"


@pytest.mark.parametrize("kilograms", [5, 10, 19])
def test_heavy_parcels_are_large(kilograms):
    assert tariff(kilograms) == "large"


@pytest.mark.parametrize("kilograms", [20, 31, 100])
def test_the_rest_is_oversize(kilograms):
    assert tariff(kilograms) == "oversize"


def test_a_parcel_weighs_something():
    with pytest.raises(ValueError):
        tariff(0)
    with pytest.raises(ValueError):
        tariff(-3)
