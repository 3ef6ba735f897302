"""What other programs have left on this machine: `found_models` looks where each of them keeps its models."""
