"""One criterion under reading: its mentions, its cues and the clauses that it falls into."""
