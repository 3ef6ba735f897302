"""Auto3DSeg: the models of Slicer's MONAIAuto3DSeg, and the folders that MONAI's own training leaves."""
