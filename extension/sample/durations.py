"""Written by people, read by programs: this one wants a model."""


def parse_duration(text: str) -> int:
    """Return the seconds in a text such as "1h30m" or "45s"."""
    raise NotImplementedError
