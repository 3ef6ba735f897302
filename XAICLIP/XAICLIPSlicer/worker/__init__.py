"""The engine's process as Slicer runs it: installing, starting, asking, and the files in between."""
