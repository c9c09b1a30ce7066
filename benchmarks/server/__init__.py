"""A fake endpoint that costs little, with drawn latencies and faults, which counts everything."""
