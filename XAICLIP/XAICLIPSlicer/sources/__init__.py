"""What other extensions left in the scene: which model made a segmentation, and the ways to ask for its reasons."""
