"""The review pack: every figure once in a ``RunSummary``, then rendered as a page, a mail, JSON and import files."""
