"""VoxTell: what words say, in whole volumes."""
