"""What the user sees: the panel, its sections, and what they are set to."""
