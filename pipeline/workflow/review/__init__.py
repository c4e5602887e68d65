"""The review pack: made, released, handed out, and taken back."""
