"""A request opened: the scan, the models that stay loaded, where its regions are, and what to know of it."""
