"""The lines of a text as blocks, each a criterion in the making: headings that they stand below, bullets, lines that go on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from kg.criteria.layout.flat_lists import opens_rows
from kg.criteria.layout.heading_scope import is_of_all, scope_of_heading
from kg.criteria.layout.headings import COLONS, breaks_off, heading_section, heads_a_section, is_neutral, lists_ills, opens_list
from kg.criteria.layout.lines import BULLET, LONGEST_REFERENCE, counted, lines_of, refers
from kg.criteria.layout.scope import is_part, labels_part, opens_with_part
from kg.records import Section

_FRONT_HEADING = re.compile(
    r"((?:key |main |additional )?(inclusion|exclusion)\s+criteria(?:\s+\([^()]{1,40}\))?)"
    r"(?:\s*(?:[:\uff1a]\s*|-\s+)(?=\S)|\s+(?=(?:participants?|patients?|subjects?)\s+(?:are|have|has|must|who|with|meeting|require|aged)\b))",
    re.IGNORECASE,
)
"""A heading with the first criterion behind it in its line: behind a colon, or as "Exclusion Criteria (All Parts) Patients have …"."""
_NUMBERED = re.compile(
    r"(?:key |main )?(inclusion|exclusion)\s+(?:(?:criterion\s*)?(?:number\s*|no\.?\s*|#)?\d{1,2}[a-z]?\s*[:.)\u2013-](?!\d)"
    r"|criteria\s*(?:number\s*|no\.?\s*|#)?\d{1,2}[a-z]?\s*[:\u2013-](?!\d))\s*(?=\S)",
    re.IGNORECASE,
)
"""A number before one criterion that names its section: "Exclusion criterion 2: …"."""
_ON_PATIENTS = re.compile(r"(?:patients|participants|subjects|eligibility)\b", re.IGNORECASE)
_TORN = (" of", " with", " to", " from", " by", " than", " the")
"""How a bullet ends whose sentence goes on in the one beside it: "inducers of" / "CYP3A4 within 7 days"."""
_JOINS = (" or", " and")
_SIGNS = "(,;\u2265\u2264<>=&/"
"""What begins a line that has not begun a sentence."""
_ASKS = re.compile(r"\b(?:must|required?|willing|able to|adequate|signed|agree)\b", re.IGNORECASE)
_ALL_OF_IT = re.compile(r"\W*(?:for\s+)?all\s+(?:participants|patients|subjects|panels)\W*", re.IGNORECASE)
"""A label right below that of a part of the trial, which is said of all who are in it."""
_STATES = re.compile(r"\b(must|has|have|is|are)\b")
_ASIDE = re.compile(r"\([^)]*(?:\([^)]*\)[^)]*)*\)[.;]?")
"""A line that is all in brackets: what it states is said of the bullet before it."""
_LONGEST_PART = 160
"""A line that names a part and stands above a section heading is no longer than this."""
_NO_SCOPE: tuple[str, ...] = ()
_Place = tuple[Section, str, tuple[str, ...]]
"""What criteria stand below: a section, its heading, and what that limits them to."""


@dataclass(slots=True)
class Block:
    """A criterion in the making."""

    start: int
    end: int
    indent: int
    mark: str
    section: Section
    heading: str
    heading_scope: tuple[str, ...]
    is_paragraph: bool
    """Whether it has no mark of its own; one behind a heading in its line counts as a bullet without having a mark."""
    pieces: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """A line that holds anything, without the blanks around it."""

    number: int
    start: int
    end: int
    indent: int
    mark: str
    """Its bullet; "" for none."""
    body: int
    """Where its words begin, behind the bullet."""
    words: str


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text, in order.

    Arguments:
        text: the eligibility text.
    """
    layout = _Layout(text)
    for number in range(len(layout.lines)):
        layout.take(number)
    _turn_neutral(text, layout.blocks)
    return layout.blocks


class _Layout:
    """A text read line by line: the blocks so far, and the heading that the next one stands below."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines, self.heads, self.lists = lines_of(text)
        self.counted = counted(text)
        self.margin = min((_indent(text[start:end]) for start, end in self.lines if start < end), default=0)
        """How far all lines are indented."""
        self.blocks: list[Block] = []
        self.section, self.heading, self.scope = Section.UNSTATED, "", _NO_SCOPE
        self.part = _NO_SCOPE
        """What stands above section headings: "Cohorts 1-3", "Inclusion Criteria:" …, "Exclusion Criteria:" …"""
        self.around_labels = _NO_SCOPE
        """What the heading of the section limits labels in it to, too: "Phase 2 Inclusion Criteria:", "Melanoma:" …"""
        self.before: _Place | None = None
        """What stood above a list of ills, and stands above the criteria behind it again."""
        self.around: tuple[int, int, _Place] | None = None
        """Of a heading within a bullet: how far what it heads is indented, how many blocks are before it, and what it stands below."""
        self.behind_list: tuple[_Place, bool] | None = None
        """What stood above the heading of a list in one line, and stands above the lines behind it again; whether above bullets, too."""
        self.above_label: tuple[int, str, tuple[str, ...]] | None = None
        """Of a label whose list is indented: how far it is indented itself, and what it stands below."""
        self.gap = True
        """Whether an empty line, or a heading, stands before the next line."""

    def take(self, number: int) -> None:
        """Read a line: it is empty, a heading, goes on with the block before it or begins another."""
        line = self._line(number)
        if line is None:
            self.gap = True
            return
        self._leave_the_bullet(line)
        if line.start in self.lists:
            self._place(replace(line, mark=""), line.start, "*")
            return
        if self.behind_list and (self.behind_list[1] or not line.mark):
            (self.section, self.heading, self.scope), self.behind_list = self.behind_list[0], None
        wrapped = line.start not in self.heads and self._is_wrapped(line)
        numbered = None if wrapped else _NUMBERED.match(line.words)
        if numbered:
            section = Section(numbered[1].lower())
            if section is not self.section:
                self.section, self.heading, self.scope = section, numbered[0].strip(), _NO_SCOPE
            self._place(line, line.body + numbered.end(), line.mark or "*")
            return
        if not wrapped and self._opens_a_section(line):
            return
        if self.before and self.gap and not line.mark and _ON_PATIENTS.match(line.words):
            (self.section, self.heading, self.scope), self.before = self.before, None
        front = None if wrapped else _FRONT_HEADING.match(line.words)
        if front:
            self.section, self.heading, self.scope = Section(front[2].lower()), front[1], scope_of_heading(front[1])
            self._place(line, line.body + front.end(), line.mark or "*")
        elif line.mark or not self._is_heading(line):
            self._leave_the_label(line)
            self._place(line, line.body, line.mark)

    def _line(self, number: int) -> _Line | None:
        """A line by its number; none where it is empty."""
        start, end = self.lines[number]
        line = self.text[start:end]
        if not line.strip():
            return None
        begin, finish = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        found = BULLET.match(self.text, begin, finish)
        mark = found["mark"] if found and found.end() < finish else ""
        body = found.end() if mark and found else begin
        if not mark and begin in self.counted:
            mark, body = self.counted[begin]
        return _Line(number, begin, finish, begin - start - self.margin, mark, body, self.text[body:finish])

    def _is_wrapped(self, line: _Line) -> bool:
        """Whether a line can only be the end of a bullet, so that it is no heading: "(… as told in the / eligibility criteria)."."""
        if line.mark or self.gap or not self.blocks:
            return False
        return (line.words[:1].islower() and line.indent > self.blocks[-1].indent) or self._is_referred_to(line)

    def _is_referred_to(self, line: _Line) -> bool:
        """Whether the line before it speaks of what it begins with: "for details see / Inclusion Criteria"."""
        return refers(self.text[max(0, line.start - line.indent - self.margin - LONGEST_REFERENCE) : line.start])

    def _following(self, line: _Line) -> str:
        """The next line that holds anything."""
        texts = (self.text[slice(*self.lines[n])] for n in range(line.number + 1, len(self.lines)))
        return next((text for text in texts if text.strip()), "")

    def _before_a_bullet(self, line: _Line) -> bool:
        """Whether a bullet follows."""
        return BULLET.match(self._following(line).lstrip()) is not None

    def _before_a_section(self, line: _Line) -> bool:
        """Whether a heading follows that names a section by its own name."""
        opened = heading_section(self._following(line).strip())
        return opened is not None and opened[1]

    def _leave_the_bullet(self, line: _Line) -> None:
        """Go back to what stands above a heading within a bullet, where the next bullet is indented less."""
        if self.around and line.mark and line.indent < self.around[0]:
            if len(self.blocks) > self.around[1]:  # else it heads what follows, and is indented by mistake
                self.section, self.heading, self.scope = self.around[2]
            self.around = None

    def _leave_the_label(self, line: _Line) -> None:
        """Go back to what stands above a label, where its list has ended."""
        if self.above_label and line.indent <= self.above_label[0] and not line.words[:1].islower():
            (_, self.heading, self.scope), self.above_label = self.above_label, None

    def _opens_a_section(self, line: _Line) -> bool:
        """Whether a line is the heading of a section, below which the next ones stand."""
        opened = self.heads.get(line.start) or heading_section(line.words)
        if opened is None and self.gap and not line.mark and self.text[line.end - 1].isalpha():
            opened = opens_list(line.words) if self._before_a_bullet(line) or breaks_off(line.words) else None
        if opened is None:
            return False
        below = bool(line.mark) and line.start not in self.heads and not opened[1] and self._before_an_indent(line)
        if line.start not in self.heads and not heads_a_section(
            line.words, line.mark, opened, below, self.section, in_part=bool(self.scope)
        ):
            return False
        whole = self.text[line.start : line.end]
        place = (self.section, self.heading, self.scope)
        self.before = None if opened[1] or line.mark or not lists_ills(whole) else place
        self.behind_list = (place, bool(line.mark)) if line.start in self.heads and not opened[1] else None
        self.part = _NO_SCOPE if is_of_all(whole) else self.part
        self.section, self.heading, self.scope = opened[0], line.words, scope_of_heading(whole) or self.part
        self.around_labels = self.scope
        self.around = (line.indent + 1, len(self.blocks), place) if below else None
        self.above_label, self.gap = None, True
        return True

    def _before_an_indent(self, line: _Line) -> bool:
        """Whether the line that follows is indented more."""
        following = self._following(line)
        return _indent(following) - self.margin > line.indent

    def _is_heading(self, line: _Line) -> bool:
        """Whether a line without a bullet heads those below it: a label with a colon, or a part of the trial."""
        words = line.words
        label = words.endswith(COLONS) and len(words.split()) <= 8 and (self.gap or line.indent == 0) and not _STATES.search(words)
        apart = self.gap or (bool(self.scope) and labels_part(self.heading))  # the next of such labels needs no empty line before it
        part = not label and len(words) < 80 and (is_part(words) or (apart and labels_part(words) and self._before_a_bullet(line)))
        if label or part:
            place = (self.section, self.heading, self.scope)
            self.around = self.around or ((line.indent, len(self.blocks), place) if line.indent else None)
        elif not (self.gap and len(words) < _LONGEST_PART and opens_with_part(words) and self._before_a_section(line)):
            return False
        if not self._before_an_indent(line):
            self.above_label = None
        elif self.above_label is None or line.indent > self.above_label[0]:
            self.above_label = (line.indent, self.heading, self.scope)
        bare = not self.blocks or self.blocks[-1].heading != self.heading  # "Module 4:" / "All participants:" are all of that module
        if not (bare and self.scope and _ALL_OF_IT.fullmatch(words)):
            self.scope = scope_of_heading(words) or (_NO_SCOPE if labels_part(words) else self.around_labels)
        self.heading = words
        if label:
            self.gap = True
        else:
            self.part = self.scope if not part or self._before_a_section(line) else _NO_SCOPE
        return True

    def _place(self, line: _Line, body: int, mark: str) -> None:
        """Add a line to the block before it, or begin one."""
        last = self.blocks[-1] if self.blocks else None
        if last is not None and (self._is_torn(last, line, mark) if mark else self._goes_on(last, line)):
            last.end = line.end
            last.pieces.append((line.start, line.end))
        else:
            place = (body, line.end)
            self.blocks.append(Block(*place, line.indent, mark, self.section, self.heading, self.scope, not line.mark, [place]))
        self.gap = False

    def _goes_on(self, last: Block, line: _Line) -> bool:
        """Whether a line without a bullet goes on with the sentence before it."""
        if last.section != self.section:
            return False
        small = line.words[:1].islower()
        # The sentence of a bullet that breaks off, or its list, goes on behind an empty line, too.
        breaks_off = last.mark != "" and (self.text[last.end - 1].isalpha() or self.text[last.end - 1] == ",")
        aside = last.mark != "" and _ASIDE.fullmatch(line.words) is not None and _STATES.search(line.words) is not None
        if self.gap and not (small and breaks_off):
            return aside
        if self._is_referred_to(line):
            return True
        if small or line.words[:1] in _SIGNS:
            first = self.text[last.start]
            alike = not last.mark and (first.islower() if small else first in _SIGNS)  # criteria can begin so, too
            return not alike or self.text.endswith((",", *_TORN, *_JOINS), last.start, last.end)
        return self.text.endswith(_TORN, last.start, last.end)

    def _is_torn(self, last: Block, line: _Line, mark: str) -> bool:
        """Whether a bullet goes on with the sentence of the one before it."""
        return (
            not self.gap
            and not mark.isalnum()
            and (last.mark, last.indent, last.section) == (mark, line.indent, self.section)
            and self.text.endswith(_TORN, last.start, last.end)
            and not opens_rows(self.text[last.start : last.end])
        )


def _turn_neutral(text: str, blocks: list[Block]) -> None:
    """Where a text has no heading of exclusions, "Eligibility criteria" behind its inclusion criteria heads them, if nothing there is asked for."""  # noqa: E501
    listed = [block for block in blocks if block.section is not Section.UNSTATED]
    after = [block for block in listed if is_neutral(block.heading)]
    if not after or is_neutral(listed[0].heading) or any(block.section is Section.EXCLUSION for block in blocks):
        return
    if not any(_ASKS.search(text, block.start, block.end) for block in after):
        for block in after:
            block.section = Section.EXCLUSION


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
