"""The module in Slicer, in three rooms: the scene, the worker that computes, and the panel that drives both.

`scene` knows neither the worker nor the panel, `worker` not the panel. Style and names follow Slicer's.
"""
