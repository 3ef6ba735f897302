"""What one run knows of where the output changed, and the questions that it answers without running the model again."""
