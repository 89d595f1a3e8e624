"""The language server and the command line of orps-lsp."""

__version__ = "0.1.0"
