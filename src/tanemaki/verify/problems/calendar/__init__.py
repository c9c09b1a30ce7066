"""Problems of days, weekdays and clocks."""
