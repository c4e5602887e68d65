"""How personal data is found: shapes of numbers and codes, and names by all that speaks for them."""
