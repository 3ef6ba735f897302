"""MONAI bundles: the configuration read as data, the network built from what it names, and the way back to the scan."""
