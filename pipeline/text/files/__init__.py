"""Files in: every format as tables, every header as a role, every cell as what it means."""
