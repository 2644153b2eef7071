"""How a text is laid out: headings, bullets, wrapped lines, lists in one line, and the parts of a trial that they name."""
