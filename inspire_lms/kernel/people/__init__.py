"""Persons, their accounts, and the administrations they work for."""
