"""Runs inside the user's interpreter: standard library and the user's pytest only.

The executor starts `__main__.py` with the project's own Python (3.9 to 3.14), so
nothing here may import a third-party package or another module of `orps_sandbox`.
`frames.py` is the one module that both sides import.
"""
