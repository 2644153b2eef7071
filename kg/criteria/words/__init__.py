"""The words that meaning hangs on: cue words, patterns, amounts, and the normal form in which they are looked for."""
