"""What a rule is bounded by: disease, setting, lines, dose, place in a sequence, exceptions."""
