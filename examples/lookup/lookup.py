"""Finding things in sorted lists."""


def position(items: list[int], wanted: int) -> int:
    """Return the index of a value in a sorted list, or -1 if it is not there."""
    low, high = 0, len(items) - 1
    while low < high:
        middle = (low + high) // 2  # never past `high`
        if items[middle] == wanted:
            return middle
        if items[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1
