"""What stands in the MRML scene and its views."""
