"""TotalSegmentator: its tasks, the places of its data sets, its way from a scan to a network and back."""
