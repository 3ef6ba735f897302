"""What a run gives back: explanation, location, plan, evidence; saved and loaded."""
