"""What stands in the MRML scene and its views: MRML only, no panel and no torch.

Out of the scene: `volumes` (voxels, segments, boxes, points), `slices` (axial slices, counted as the engine does),
`labels` (what somebody drew). Into it: `nodes` makes the nodes of a run, `results` fills them, `curves` adds its plots,
`runs` finds and removes them, `preview` shows a region before a run, `saving` writes a run to a folder.

How it looks: `display` (a run over its scan), `colours`, `rendering` (3D), `display_settings` (saved with the scene),
`views` (who shows what), `layout` (2x2 comparison and curves). For the user: `markups` (new boxes and points) and
`sampledata`.
"""
