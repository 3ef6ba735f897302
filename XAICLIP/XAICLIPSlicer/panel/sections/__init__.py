"""The sections of the panel, in the order of the work: scan, region, model, method, result."""
