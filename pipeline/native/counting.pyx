# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""To be written."""

def twice(int x):
    return 2 * x
