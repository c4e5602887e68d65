"""What came back, as lines that a person reads and as JSON."""
