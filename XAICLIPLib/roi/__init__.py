"""WHERE: a similarity, a label file, a box or a prediction becomes the mask that may be perturbed."""
