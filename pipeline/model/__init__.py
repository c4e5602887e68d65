"""Texts to categories and causes."""
