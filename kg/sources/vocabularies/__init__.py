"""Readers of vocabulary releases that a user downloads: one file per format, all giving `Vocabulary`."""

from kg.sources.vocabularies.files import read_vocabulary
from kg.sources.vocabularies.records import Concept, Mapping, Vocabulary

__all__ = ["Concept", "Mapping", "Vocabulary", "read_vocabulary"]
