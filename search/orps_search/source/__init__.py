"""Python text as data: find a target in it, place a candidate into it (pure)."""
