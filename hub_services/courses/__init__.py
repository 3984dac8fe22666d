"""Courses: their addresses, files and environments, and the launch specification of each server (laws 4 and 9)."""
