"""The ORPS search: decides what to try next; knows nothing of editors."""
