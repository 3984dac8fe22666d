"""The web application and the worker: one folder per feature."""
