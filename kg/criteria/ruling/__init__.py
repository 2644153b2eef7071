"""From clauses to rules, and what rules do to each other."""
