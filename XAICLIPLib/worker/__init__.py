"""The engine as a process of its own, ``python -m XAICLIPLib.worker``: JSON-RPC on its pipes."""
