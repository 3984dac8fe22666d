"""Himalia in JupyterLab: the server half beside the TypeScript extension."""
