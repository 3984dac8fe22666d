"""The command `himalia`: one file per command."""
