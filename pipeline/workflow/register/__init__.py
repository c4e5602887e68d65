"""Runs and the problem register: what is known again, what people decided, whether fixes held."""
