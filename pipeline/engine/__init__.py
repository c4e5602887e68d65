"""Where the work runs; the steps do not know which."""
