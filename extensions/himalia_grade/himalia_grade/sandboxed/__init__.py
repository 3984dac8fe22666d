"""The half that runs beside students' code: standard library, IPython and ipykernel only, nothing of the trusted half.

It is loaded as a package of its own in the course's environment, so it imports nothing from above this folder.
"""
