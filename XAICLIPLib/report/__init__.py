"""Tell: pictures, a page and tables for people, DICOM objects for archives, and how a result was made."""
