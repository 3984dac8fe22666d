"""Dated versions of each notebook in an assignment: what is kept, where, and how one comes back."""
