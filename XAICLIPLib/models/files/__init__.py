"""Models that are one file: TorchScript, torch.export and ONNX, with a sidecar that says what the file can't."""
