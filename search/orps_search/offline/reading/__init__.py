"""Understands tests and docstrings as examples, without running any of them."""
