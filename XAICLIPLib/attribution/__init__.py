"""WHY: perturb the region, score every target of every copy, and read the map (see `attribute.py`)."""
