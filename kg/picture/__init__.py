"""What a picture of trials shows and where it stands: from the graph to boxes, links and sentences with places, free of HTML."""

from __future__ import annotations

from kg.picture.choose import picture
from kg.picture.layout import Box, Lane, place
from kg.picture.records import Item, Link, Picture, Sentence, TrialText

__all__ = ["Box", "Item", "Lane", "Link", "Picture", "Sentence", "TrialText", "picture", "place"]
