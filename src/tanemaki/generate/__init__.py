"""The steps that write: by asking a model, or by drawing from tables and pools."""
