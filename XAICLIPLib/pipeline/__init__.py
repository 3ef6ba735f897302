"""The whole row carried out: words, region, model, map, numbers; the one room that knows all others."""
