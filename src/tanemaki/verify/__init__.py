"""The steps that know: checks against a source, exact arithmetic, forms that can be parsed. No model is asked."""
