"""Which amounts of time are windows, and whose."""
