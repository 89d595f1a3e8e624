"""Small measures over numbers: enough is known for the offline proposer."""


def average(values: list[float]) -> float:
    """Return the arithmetic mean of the values."""
    raise NotImplementedError


def clamp(value: int, low: int, high: int) -> int:
    """Return the value, but not less than `low` and not more than `high`."""
    raise NotImplementedError
