"""Tell: pictures for people (`panels`, with matplotlib), and files that say what a result was made with (`provenance`)."""
