"""nnU-Net v2: a trained model's folder, its preprocessing, and its sliding window."""
