"""Prompts learned from a few labelled slices, and adapters on the image's side."""
