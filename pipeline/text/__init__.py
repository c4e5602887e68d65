"""Text in: reading, cleaning, masking, segmenting."""
