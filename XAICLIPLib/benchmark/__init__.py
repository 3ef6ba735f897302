"""Two ways of explaining compared on many scans, as the paper's tables have them."""
