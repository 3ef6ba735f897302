"""Two cohorts, or two runs, on the same scans: what the second depends on that the first does not.

From left to right: `numbers` says what is compared, `pairs` finds the same scan in both, `statistics` tests pair by
pair, `words` says it; `maps` holds map against map, `picture`, `page` and `files` write it down; `comparison` puts them
together, and `folders` takes two folders.
"""
