def parse_duration(text: str) -> int:
    """Return the seconds of a duration such as `1h 30m` or `45s`."""
    raise NotImplementedError
