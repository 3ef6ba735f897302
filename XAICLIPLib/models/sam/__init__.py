"""The Segment Anything family: MedSAM, SAM, LiteMedSAM and MobileSAM, pointed at a structure by a prompt."""
