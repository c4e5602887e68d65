"""What the commands say of themselves, in both languages."""
