"""Many targets at a time: `orps-lsp generate PATH... --all-stubs`."""
