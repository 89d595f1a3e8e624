class Clock:
    """A clock that knows the time of day only."""

    @staticmethod
    def in_minutes(hours: int, minutes: int) -> int:
        """Return the minutes since midnight; an hour has 60 of them."""
        pass

    @classmethod
    def is_evening(cls, hour: int) -> bool:
        """Return whether it is 18 o'clock or later."""
        pass
