class LRUCache:
    """A cache that forgets what was not used for longest."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._items: dict[str, int] = {}

    def get(self, key: str) -> int | None:
        """Return the value, or `None`; the key is the most recent one from now on."""
        raise NotImplementedError

    def put(self, key: str, value: int) -> None:
        """Store a value; beyond the capacity the oldest key is dropped."""
        raise NotImplementedError
