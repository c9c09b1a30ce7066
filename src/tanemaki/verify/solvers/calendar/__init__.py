"""The second solvers of days, weekdays and clocks."""
