"""The engine's process as Slicer runs it: nothing heavy ever happens in Slicer's own.

`runner` is what the panel and the console ask; `request` makes a request of a script's words. `job` is an explanation
under way and puts what arrives into the scene, in `steps`. Below: `client` (the process and its JSON lines),
`shared_files` (what both read), `errors` (their text), `dependencies` and `installation` (Python packages).
"""
