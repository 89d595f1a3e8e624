"""The command line: the same engine as the editor's, without an editor."""
