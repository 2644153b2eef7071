"""Which therapies a clause is about: those it names and means, and those that it means without naming them."""
