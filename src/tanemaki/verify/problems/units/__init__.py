"""Problems of measures: conversions and scales."""
