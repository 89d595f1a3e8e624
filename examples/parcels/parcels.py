"""What it costs to send a parcel."""

def tariff(kilograms: int) -> str:
    """Return the name of the tariff for a weight."""
    ...
