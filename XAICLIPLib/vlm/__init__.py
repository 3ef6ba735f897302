"""Vision-language models: words in, a map of similarity out."""
