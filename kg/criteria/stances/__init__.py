"""What a clause does with patients on a therapy, and how strongly."""
