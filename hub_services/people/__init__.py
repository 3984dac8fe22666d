"""Persons, identities, sign-in, memberships and the right check (laws 3, 4 and 5)."""
