"""Readers of registry records: one file per upstream format, all giving `kg.records.Trial`."""

from kg.sources.files import read_trial, read_trials
from kg.sources.pages import page_format, read_page
from kg.sources.records import Read, Rejected
from kg.sources.v2_json import read_study

__all__ = ["Read", "Rejected", "page_format", "read_page", "read_study", "read_trial", "read_trials"]
