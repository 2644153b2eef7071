"""Which patients a clause binds."""
