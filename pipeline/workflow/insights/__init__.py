"""Insights: the table of complaints they are made from, the tables beside it, their words and files."""
