"""The Slicer face of XAICLIP. Nothing here imports torch: everything heavy runs in the worker process."""
