"""Assignments over HTTP: release, fetch, submit, collect, feedback, receipts."""
