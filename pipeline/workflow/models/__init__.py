"""Models: learning, choosing, drift, and what each was made from."""
