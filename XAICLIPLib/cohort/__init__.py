"""Many scans, one request: every case explained once, whatever dies under way, and tables and a page of them all.

From left to right: `manifest` and `sources` say which cases there are, `identity` knows a case again, `store` keeps
each as a folder that is whole or not there, `explainer` makes one, `engine` (Ray) makes many at once, `table` and
`page` say what came out; `run` puts them together.
"""
