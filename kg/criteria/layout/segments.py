"""Eligibility text → criteria: headings, bullets of any mark and depth, wrapped lines, paragraphs, inline enumerations; all with offsets."""  # noqa: E501

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from kg.criteria.layout.blocks import Block, blocks_of
from kg.criteria.layout.enumerations import LONGEST_WORD, OPENS_LIST, enumerated, parted_by_semicolons
from kg.criteria.layout.flat_lists import with_rows_below
from kg.criteria.layout.scope import (
    criterion_scope,
    front_scope,
    is_another,
)
from kg.criteria.words.first_letters import quick
from kg.records import Criterion, Section

_SENTENCE_END = re.compile(r"[.!?](?:\)\s+(?=[A-Z])|\s+(?=[\w(\[\"'\u2265\u2264<>])|(?<=[a-z][a-z)]\.)(?=[A-Z][a-z]+[\s,]))")
"""Behind a word a full stop may lack its blank: "the first dose.Radiotherapy within …"."""
_RUN_ON = re.compile(
    r"(?<=[a-z0-9)])(?<!\bor)(?<!\band)(?<!\bof)(?<!\bwith)(?<!\bfor)(?<!\bthe)(?<!\bin)(?<!\bto)\s+"
    r"(?=(?:(?:Prior|Previous) (?:or [a-z]+ )?(?:treatment|therapy|use|exposure|radiotherapy|chemotherapy)|Continuation of|Major surgery|Radiotherapy with|Cytotoxic chemotherapy|Any (?:cytotoxic|prior)|Diagnosed with|(?:Known h|H)istory of|Presence of"  # noqa: E501
    r"|(?:Topical|Inhaled|Intra-?nasal|Physiologic\w*|Replacement|Low[- ]dose)\b[^.;:()]{3,90}"
    r"\b(?:is|are|may be)\s+(?:allowed|permitted|acceptable)"
    r"|(?<!\ball )(?<!\bany )(?<!only )(?<!eligible )(?<!those )(?:Patients|Subjects|Participants)\s+"
    r"(?:who|on|taking|receiving|participating|treated|with|using)\b(?:[^.;:()]|\([^()]*\)){3,160}?\b(?:is|are|may be|will be)\s+"
    r"(?:also\s+)?(?:allowed|permitted|acceptable|eligible)|For (?:the )?(?:Part|Cohort|Arm|Phase|Group|Module)s? [A-Z0-9])\b)"
)
"""Where a list lost its line breaks: a capital in the midst of a sentence opens the next item."""
_RUNS_ON = quick(
    r"Prior |Previous |Diagnosed |Known |History |Presence |Continuation "
    r"|Major |Radiotherapy |Cytotoxic |Any |Topical |Inhaled |Intra|Physiologic|Replacement |Low|For "
    r"|(?:Patients|Subjects|Participants) (?:who|on|taking|receiving|participating|treated|with|using)\b"
)
"""Found in what `_RUN_ON` finds: looking for this is quicker."""
_ENDS_SENTENCE = re.compile(r"[\w)\]%\"']")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|eg|ie|(?<=\()ex|vs|approx|incl|excl|etc|nos?|dr|st|cf|resp|max|min|ca|al|pts?|figs?|inc|ltd|wt|subsp|sp|\w)|(?:^|\s)\d{1,2})$",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?:\b(?:days?|cycles?|weeks?|grades?|stages?|phase|part|cohort|arm|visit|dose|level|score|class|types?|status|ecog|ps|to|or|than|of|is|hepatitis|vitamin|c\d{1,2}d)"
    r"|[\u2264\u2265<>=])\s*(?:(?:[-\u2212\u2013]\s?)?(?:\d+\.)?\d{1,2}|[a-z])$|\b[a-z]{2,}-\d{1,2}$|\w/\d{1,2}$",
    re.IGNORECASE,
)
"""A number or letter of the word before it ("day 1", "hepatitis B", "CTLA-4", "CDK4/6"): the stop behind it ends the sentence."""
_SHORT = 60
"""What only names what stands below it is shorter than this."""
_SEVERAL = 4
"""So many paragraphs below a heading are a criterion each."""
_LONG_PARAGRAPH = 200
"""A paragraph without a bullet that is longer than this is read sentence by sentence."""
_OPENS_LIST = re.compile(rf":\s*-?\s*$|\bsince\W*$|{OPENS_LIST}", re.IGNORECASE)

_TORN = re.compile(r"\b(?:of|with|to|from|by|for|on|had|received|receiving|taking|using|including|either|are|has|have)\s*-?\s*$")
"""How words end whose sentence goes on in each item of the enumeration behind them: "no prior treatment with (1) … (2) …"."""


@lru_cache(maxsize=256)
def _mark_class(mark: str) -> str:
    core = mark.strip("().:\\ ")
    if core.replace(".", "").isdigit():
        # Numbers in circles stand below plain ones.
        return ("number" if core.isascii() else "circled") + "." * core.count(".")
    if core[-1:].isdigit() and core[0].isalpha():
        return "labelled"
    return "letter" if core.isalpha() and core != "o" else core


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentence spans of text[start:end]; abbreviations such as "e.g." end none.

    >>> sentences("No azoles. Topical use (e.g. creams) is fine.", 0, 44)
    [(0, 10), (11, 44)]
    """
    spans = []
    ends = list(_SENTENCE_END.finditer(text, start, end))
    if not text[start + 1 : end].islower() and _RUNS_ON.search(text, start + 1, end):
        ends = sorted([*ends, *_RUN_ON.finditer(text, start, end)], key=lambda m: m.start())
    if not ends:
        return [(start, end)] if start < end else []
    for match in ends:
        if match[0].isspace():
            spans.append((start, match.start()))
            start = match.end()
            continue
        last = match.start() - 1
        at = max(start, last - LONGEST_WORD)
        if last < 0 or not _ENDS_SENTENCE.match(text, last):
            continue
        if _ABBREVIATION.search(text, at, last + 1) and not _COUNT.search(text, at, last + 1):
            continue
        spans.append((start, match.start() + (2 if ")" in match[0] else 1)))
        start = match.end()
    if start < end:
        spans.append((start, end))
    return spans


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def segment(text: str) -> tuple[Criterion, ...]:
    """The criteria of an eligibility text in order, nested by `parent`.

    Text before an "Exclusion Criteria" heading that has no heading of its own counts as inclusion: registries strip the first heading.
    Bullets may be any mark; a deeper indent, or another kind of mark at the same indent, opens a level.

    >>> [(c.section.value, c.depth, c.text) for c in segment("Exclusion Criteria:\\n\\n* Steroids:\\n\\n  * dexamethasone")]
    [('exclusion', 0, 'Steroids:'), ('exclusion', 1, 'dexamethasone')]
    """
    blocks = blocks_of(text)
    _begin_with_inclusion(blocks)
    criteria: list[Criterion] = []
    levels: list[_Level] = []
    outermost: set[tuple[int, str]] = set()
    """How far bullets of which kind are indented that stand below none."""
    where: tuple[Section, str] | None = None
    plain = Counter((b.section, b.heading) for b in blocks if not b.mark)
    below = Counter((b.section, b.heading) for b in blocks)
    for block in blocks:
        if where != (block.section, block.heading):
            levels, outermost, where = [], set(), (block.section, block.heading)
        kind = _mark_class(block.mark) if block.mark else ""
        _leave_levels(text, levels, block, kind, criteria)
        if (block.indent, kind) in outermost and not _names_those_below(levels, criteria):
            levels = []  # a paragraph stands between bullets
        if not levels:
            outermost.add((block.indent, kind))
        parent = levels[-1].order if levels else None
        several = plain[block.section, block.heading] >= _SEVERAL
        alone = block.is_paragraph and block.section is not Section.UNSTATED and below[block.section, block.heading] == 1
        made = _criteria_of(text, block, len(levels), parent, len(criteria), several=several, alone=alone)
        listed = any(c.parent == len(criteria) for c in made) and not made[-1].text.endswith(":")
        levels.append(_Level(block.indent, kind, len(criteria), listed))
        criteria += made
    return with_rows_below(criteria)


class _Level(NamedTuple):
    """A bullet that others can stand below."""

    indent: int
    kind: str
    """The kind of its mark."""
    order: int
    """The number of its criterion."""
    listed: bool
    """Whether it holds the list that it opens: "eligible if all of the following are met: 1) … 2) …"."""


def _begin_with_inclusion(blocks: list[Block]) -> None:
    """Where only the exclusions have a heading, what stands before it is inclusion."""
    if any(b.section is Section.EXCLUSION for b in blocks) and not any(b.section is Section.INCLUSION for b in blocks):
        for block in takewhile(lambda b: b.section is Section.UNSTATED, blocks):
            block.section = Section.INCLUSION


def _leave_levels(text: str, levels: list[_Level], block: Block, kind: str, criteria: list[Criterion]) -> None:
    """Take away the levels that a block does not stand below."""
    indent = block.indent
    if not block.mark:
        while levels and levels[-1].indent >= indent:
            levels.pop()
        return
    while levels and (
        levels[-1].indent > indent
        or (levels[-1].indent == indent and levels[-1].kind != kind and any(e.kind == kind and e.indent == indent for e in levels))
    ):
        levels.pop()
    last = levels[-1] if levels else None
    if last is None or last.indent != indent:
        return
    # A line without a mark heads the bullets beside it where it ends in a colon, or breaks off.
    heads = not last.listed and (criteria[last.order].text.endswith(":") or text[block.start - 1 : block.start].isalpha())
    if last.kind == kind or (last.kind == "" and not heads):
        levels.pop()


def _names_those_below(levels: Sequence[_Level], criteria: Sequence[Criterion]) -> bool:
    """Whether the last level is a bullet, or a line without a mark that heads those indented deeper: a label, or words that open a list."""
    last = levels[-1] if levels else None
    if last is None or last.kind:
        return last is not None
    text = criteria[last.order].text
    opens = text.endswith(":") or (len(text) < _SHORT and text[-1].isalnum()) or _OPENS_LIST.search(text) is not None
    return opens and not last.listed


def _criteria_of(text: str, block: Block, depth: int, parent: int | None, order: int, *, several: bool, alone: bool) -> list[Criterion]:
    """The criteria that a block is: one, or those that it enumerates, or the sentences of a long paragraph, unless it is one of several.

    A paragraph that stands alone below its heading is a list, if it has semicolons for marks.
    """
    parts = enumerated(text, block.start, block.end, block.mark)
    if not parts and alone:
        parts = parted_by_semicolons(text, block.start, block.end)
    if parts:
        return _enumerated_criteria(text, block, parts, depth, parent, order)
    if block.mark or several or len(block.pieces) != 1 or block.end - block.start <= _LONG_PARAGRAPH:
        return [_criterion(text, block.start, block.end, block, depth, parent, order)]
    spans = sentences(text, block.start, block.end)
    told = front_scope(text[slice(*spans[0])])  # of whom the first sentence is, the others are
    made = [_criterion(text, start, end, block, depth, parent, order + number) for number, (start, end) in enumerate(spans)]
    goes_on = [n > 0 and not is_another(" ".join(told), c.scope, c.text) for n, c in enumerate(made)]
    return [replace(c, scope=c.scope + tuple(t for t in told if on and t not in c.scope)) for c, on in zip(made, goes_on, strict=True)]


def _enumerated_criteria(
    text: str, block: Block, parts: list[tuple[int, int]], depth: int, parent: int | None, order: int
) -> list[Criterion]:
    """The items of an enumeration; those below the first where that only introduces them."""
    made: list[Criterion] = []
    above: int | None = None
    for number, (start, end) in enumerate(parts):
        start, end = _trim(text, start, end)
        if start == end:
            continue
        deeper, over = (depth, parent) if above is None else (depth + 1, above)
        made.append(_criterion(text, start, end, block, deeper, over, order + len(made)))
        if number == 0 and len(parts) > 2:
            named = end - start < _SHORT and criterion_scope(text[start:end])
            above = made[-1].order if named or _OPENS_LIST.search(text, start, end) or _TORN.search(text, start, end) else None
    return made


def _criterion(text: str, start: int, end: int, block: Block, depth: int, parent: int | None, order: int) -> Criterion:
    start, end = _trim(text, start, end)
    words = text[start:end]
    scope = block.heading_scope + criterion_scope(words)
    return Criterion(order, start, end, words, block.section, depth, parent, block.heading, scope)
