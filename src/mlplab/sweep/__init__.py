"""What to train next: maps of two settings."""
