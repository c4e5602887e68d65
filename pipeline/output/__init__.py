"""Rows out: tables in the formats people and programs read, written beside and renamed."""
