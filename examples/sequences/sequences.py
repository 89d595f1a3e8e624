"""Numbers that follow from one another."""


def fibonacci(n: int) -> int:
    """Return the n-th Fibonacci number, counted from 0."""
    ...


def running_maximum(values: list[int]) -> list[int]:
    """Return, for each position, the largest value up to there."""
    ...
