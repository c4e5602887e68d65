"""Pure numbers for the review: rates with exact intervals, checks of fixes, marks of how a problem goes."""
