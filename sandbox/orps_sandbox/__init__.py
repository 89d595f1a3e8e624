"""Runs code that it does not trust; knows nothing of search or editors."""
