"""The grammar of composed mentions: target list + action noun, strength + enzyme + role, drug + "-based".

Every reading works on positions of the folded text: names come from the scan, the grammar's own words from the lexicon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.names.lexicon import Lexicon, Phrases
from kg.names.scanner import Hit, Scan

__all__ = ["ANY_CYP", "Composed", "Composer", "PkMeaning", "TargetMeaning"]

ANY_CYP = "cyp"
"""Enzyme of a pk mention that speaks of cytochrome P450 in general."""

_MAX_HOLE = 400
_MAX_LIST = 12


@dataclass(frozen=True, slots=True)
class PkMeaning:
    """Drugs with a role at an enzyme; `strengths` empty: any."""

    enzyme: str
    role: str
    strengths: tuple[str, ...]
    narrow_index: bool


@dataclass(frozen=True, slots=True)
class TargetMeaning:
    """Drugs that do something to a target; `names` are the ways in which the class may be listed by name."""

    target: str
    action: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A phrase with one meaning or several alternatives. `holes` are parentheses inside whose own names still count."""

    start: int
    end: int
    meanings: tuple[PkMeaning | TargetMeaning | Hit, ...]
    holes: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Enzymes:
    items: tuple[tuple[str, tuple[str, ...]], ...]
    end: int


@dataclass(frozen=True, slots=True)
class _Roles:
    items: tuple[tuple[str, tuple[str, ...]], ...]
    end: int
    holes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Targets:
    items: tuple[tuple[str, str], ...]
    """(target key, surface words)"""
    end: int


class Composer:
    """Reads composed mentions off one scanned text.

    `narrower` says which of two things (a drug or class, and a class right behind it) names the smaller group; None: unrelated.
    """

    def __init__(self, lexicon: Lexicon, scan: Scan, narrower: Callable[[Hit, Hit], Hit | None]) -> None:
        self._lexicon = lexicon
        self._scan = scan
        self._text = scan.folded.text
        self._narrower = narrower

    def read(self) -> Iterator[Composed]:
        """Every composed phrase, wherever one can begin; they may overlap."""
        seen = -1
        for hit in self._scan.hits:
            at = hit.start
            if hit.inhibitor_suffix:
                yield self._suffixed(hit)
            if at == seen:
                continue
            seen = at
            group = self._scan.by_start[at]
            opens = any(h.opens for h in group)
            enzymes = any(h.of_kind("enzyme") for h in group)
            targets = any(h.of_kind("target") for h in group)
            if opens or enzymes:
                found = self._pk(at)
                if found:
                    yield found
            if opens or targets:
                composed = self._by_target(at)
                if composed:
                    yield composed
            yield from self._based(at, group)

    # --- small readings ----------------------------------------------------------------------------------------------------------------

    def _blank(self, at: int) -> int:
        return at + 1 if self._text[at : at + 1] == " " else at

    def _skip(self, phrases: Phrases, at: int) -> int:
        """Behind all phrases of a part that stand here, each with the blank before it."""
        while True:
            found = phrases.match(self._text, self._blank(at))
            if not found:
                return at
            at = found[1]

    def _hole(self, at: int) -> tuple[int, int] | None:
        """The parenthesis that opens here (a blank before it allowed), as a span."""
        start = self._blank(at)
        opening = self._text[start : start + 1]
        closing = {"(": ")", "[": "]"}.get(opening)
        if not closing:
            return None
        depth = 0
        for position in range(start, min(len(self._text), start + _MAX_HOLE)):
            character = self._text[position]
            if character == opening:
                depth += 1
            elif character == closing:
                depth -= 1
                if not depth:
                    return start, position + 1
            elif character == "\n":
                return None
        return None

    def _connect(self, at: int) -> int | None:
        found = self._lexicon.connector.match(self._text, at)
        return found.end() if found else None

    # --- pk ----------------------------------------------------------------------------------------------------------------------------

    def _strengths(self, at: int) -> tuple[tuple[str, ...], int]:
        strengths: list[str] = []
        end = at
        while True:
            found = self._lexicon.strength.match(self._text, at)
            if not found:
                return tuple(strengths), end
            if found[0] not in strengths:
                strengths.append(found[0])
            end = found[1]
            connected = self._lexicon.strength_connector.match(self._text, end)
            at = connected.end() if connected else self._blank(end)

    def _isoform_tail(self, key: str, at: int) -> tuple[list[str], int]:
        """ "/5" behind CYP3A4, "/9" behind CYP2C8: further isoforms of the same subfamily."""
        found: list[str] = []
        while self._text[at : at + 1] == "/" and self._text[at + 1 : at + 2].isdigit():
            end = at + 1
            while self._text[end : end + 1].isdigit():
                end += 1
            if self._text[end : end + 1].isalpha():
                break
            found.append(key.rstrip("0123456789") + self._text[at + 1 : end])
            at = end
        return found, at

    def _enzyme(self, at: int, bare: bool) -> tuple[list[str], int] | None:
        """Enzyme keys at a place; `bare`: "2C9" alone will do, since an enzyme came before it."""
        for hit in self._scan.by_start.get(at, ()):
            named = [e for e in hit.of_kind("enzyme") if bare or not e.name[:1].isdigit()]
            if named:
                keys = list(dict.fromkeys(e.key for e in named))
                more, end = self._isoform_tail(keys[0], hit.end) if keys[0].startswith("cyp") else ([], hit.end)
                return keys + more, self._alias(end)
        generic = self._lexicon.generic_enzyme.match(self._text, at)
        if not generic:
            return None
        inner = self._alias(generic[1])
        behind = self._blank(self._skip(self._lexicon.filler, inner))
        if not bare:
            isoform = self._enzyme(behind, True) if behind > generic[1] else None
            if isoform and isoform[0] != [ANY_CYP]:
                return isoform
        return [ANY_CYP], inner

    def _alias(self, at: int) -> int:
        """Behind a parenthesis that only repeats an enzyme ("cytochrome P450 3A4 (CYP3A4)")."""
        hole = self._hole(at)
        if not hole:
            return at
        inside = hole[0] + 1
        end = hole[1] - 1
        generic = self._lexicon.generic_enzyme.match(self._text, inside)
        if (generic and generic[1] == end) or any(h.end == end and h.of_kind("enzyme") for h in self._scan.by_start.get(inside, ())):
            return hole[1]
        return at

    def _enzymes(self, at: int, strengths: tuple[str, ...]) -> _Enzymes | None:
        items: list[tuple[str, tuple[str, ...]]] = []
        end = -1
        while len(items) < _MAX_LIST:
            here = self._blank(self._skip(self._lexicon.filler, at)) if not items else at
            if items:
                own, behind = self._strengths(here)
                if own:
                    strengths, here = own, self._blank(behind)
                here = self._blank(self._skip(self._lexicon.filler, here - 1)) if self._text[here - 1 : here] == " " else here
            found = self._enzyme(here, bool(items))
            if not found:
                break
            items.extend((key, strengths) for key in found[0] if key not in [k for k, _ in items])
            end = found[1]
            connected = self._connect(end)
            if connected is None:
                break
            at = connected
        return _Enzymes(tuple(items), end) if items else None

    def _role_words(self, at: int, strengths: tuple[str, ...], words: Phrases, stop: Callable[[int], bool]) -> _Roles | None:
        """A list of roles. `stop(end)` says that the role just read belongs to what follows it, and ends the list before it."""
        items: list[tuple[str, tuple[str, ...]]] = []
        holes: list[tuple[int, int]] = []
        end = at
        while True:
            found = words.match(self._text, at)
            if not found or (items and stop(found[1])):
                break
            items.extend((role, strengths) for role in found[0].split("|"))
            end = found[1]
            after = end
            hole = self._hole(end)
            if hole:
                after = hole[1]
            connected = self._connect(after)
            if connected is None:
                break
            own, behind = self._strengths(connected)
            following = self._blank(behind) if own else connected
            following = (
                self._blank(self._skip(self._lexicon.filler, following - 1)) if self._text[following - 1 : following] == " " else following
            )
            next_role = words.match(self._text, following)
            if not next_role or stop(next_role[1]):
                break
            if hole:
                holes.append(hole)
            strengths = own or strengths
            at = following
        return _Roles(tuple(items), end, tuple(holes)) if items else None

    def _narrow(self, at: int) -> int | None:
        """Behind "with (a) narrow therapeutic index" or "(narrow therapeutic index)"."""
        for lead in (" with a ", " with an ", " with ", " that have a ", " having a ", " of ", " (", ", ", " or "):
            if self._text.startswith(lead, at):
                found = self._lexicon.narrow.match(self._text, at + len(lead))
                if found:
                    return found[1]
        return None

    def _pk(self, start: int) -> Composed | None:
        lexicon = self._lexicon
        at = start
        narrow = lexicon.narrow.match(self._text, at)
        if narrow:
            at = self._blank(self._skip(lexicon.filler, narrow[1]))
            if self._text.startswith("that are ", at):
                at += len("that are ")
        strengths, behind = self._strengths(at)
        if strengths:
            at = behind
            hole = self._hole(at)
            at = self._blank(hole[1] if hole else at)
            late = lexicon.narrow.match(self._text, at)
            if late:
                narrow = late
                at = self._blank(late[1])
        at = self._blank(self._skip(lexicon.filler, at - 1)) if self._text[at - 1 : at] == " " and at > start else at
        found = self._enzyme_first(at, strengths) or self._role_first(at, strengths) or self._verb_first(at, strengths)
        if not found:
            return None
        pairs, end, holes = found
        behind_narrow = self._narrow(end)
        meanings = []
        for (enzyme, role), asked in pairs.items():
            # "sensitive" grades substrates, "strong" and its kin perpetrators: a word of the other kind is not asked of this role.
            fitting = tuple(s for s in asked if (s == "sensitive") == (role == "substrate") or s == "moderate")
            is_narrow = bool(narrow or behind_narrow) and role == "substrate"
            meanings.append(PkMeaning(enzyme, role, fitting, is_narrow))
        if behind_narrow and any(m.narrow_index for m in meanings):
            end = behind_narrow
        return Composed(start, end, tuple(meanings), holes)

    def _enzyme_first(self, at: int, strengths: tuple[str, ...]) -> _PkFound | None:
        """ "strong CYP3A4 or P-gp inhibitors and/or inducers"."""
        enzymes = self._enzymes(at, strengths)
        if not enzymes:
            return None
        behind = self._skip(self._lexicon.filler, enzymes.end)
        own, after = self._strengths(self._blank(behind))
        if own:
            behind = after
        here = self._blank(behind)
        if here == behind:
            return None
        roles = self._role_words(here, own or strengths, self._lexicon.role, self._owns_enzymes)
        if not roles:
            return None
        pairs: dict[tuple[str, str], tuple[str, ...]] = {}
        for index, (role, of_role) in enumerate(roles.items):
            for enzyme, of_enzyme in enzymes.items:
                changed = own or (index and of_role != strengths)
                pairs[enzyme, role] = of_role if changed else of_enzyme
        return pairs, roles.end, roles.holes

    def _owns_enzymes(self, at: int) -> bool:
        opener = self._lexicon.opener.match(self._text, self._blank(at))
        return bool(opener and self._enzymes(opener[1], ()))

    def _role_first(self, at: int, strengths: tuple[str, ...]) -> _PkFound | None:
        """ "strong inhibitors or inducers (…) of CYP3A4"."""
        roles = self._role_words(at, strengths, self._lexicon.role, lambda end: False)
        if not roles:
            return None
        end, holes = roles.end, list(roles.holes)
        hole = self._hole(end)
        opener = self._lexicon.opener.match(self._text, self._blank(hole[1] if hole else end))
        if not opener:
            return None
        if hole:
            holes.append(hole)
        enzymes = self._enzymes(opener[1], ())
        if not enzymes:
            return None
        items = list(roles.items)
        end = self._skip_nouns(enzymes.end)
        connected = self._connect(end)
        if connected is not None:
            own, behind = self._strengths(connected)
            more = self._role_words(self._blank(behind) if own else connected, own or items[-1][1], self._lexicon.role, self._owns_enzymes)
            if more and not self._owns_enzymes(more.end):
                items.extend(more.items)
                holes.extend(more.holes)
                end = more.end
        pairs = {(enzyme, role): asked or of_role for role, of_role in items for enzyme, asked in enzymes.items}
        return pairs, end, tuple(holes)

    def _skip_nouns(self, at: int) -> int:
        """Behind "enzyme(s)", "pathway" and the like that close an enzyme list."""
        for noun in ("enzyme", "enzymes", "isoenzyme", "isoenzymes", "isozymes", "pathway", "transporter", "transporters", "activity"):
            if self._text.startswith(f" {noun}", at) and not self._text[at + len(noun) + 1 : at + len(noun) + 2].isalnum():
                return at + len(noun) + 1
        return at

    def _verb_first(self, at: int, strengths: tuple[str, ...]) -> _PkFound | None:
        """ "(drugs that) strongly inhibit or induce CYP3A4", "metabolised by CYP2D6"."""
        roles = self._role_words(at, strengths, self._lexicon.verb, lambda end: False)
        if not roles:
            return None
        enzymes = self._enzymes(self._blank(roles.end), ())
        if not enzymes or self._blank(roles.end) == roles.end:
            return None
        pairs = {(enzyme, role): asked or of_role for role, of_role in roles.items for enzyme, asked in enzymes.items}
        return pairs, self._skip_nouns(enzymes.end), roles.holes

    # --- targets -----------------------------------------------------------------------------------------------------------------------

    def _prefix(self, at: int) -> int:
        for prefix in self._lexicon.prefixes:
            if self._text.startswith(f"{prefix} ", at):
                return at + len(prefix) + 1
        return at

    def _target_lists(self, at: int, depth: int = 0) -> Iterator[_Targets]:
        """Lists of targets that begin here, longest names and longest lists first."""
        if depth >= _MAX_LIST:
            return
        here = self._prefix(at)
        for hit in self._scan.by_start.get(here, ()):
            named = hit.of_kind("target")
            if not named:
                continue
            surface = self._text[hit.start : hit.end]
            own = tuple((key, surface) for key in dict.fromkeys(e.key for e in named))
            end = self._target_alias(hit.end)
            connected = self._connect(end)
            if connected is not None:
                for rest in self._target_lists(connected, depth + 1):
                    yield _Targets((*own, *rest.items), rest.end)
            yield _Targets(own, end)

    def _target_alias(self, at: int) -> int:
        """Behind a parenthesis that only repeats a target ("mammalian target of rapamycin (mTOR)")."""
        hole = self._hole(at)
        if hole and any(h.end == hole[1] - 1 and h.of_kind("target") for h in self._scan.by_start.get(hole[0] + 1, ())):
            return hole[1]
        return at

    def _by_target(self, start: int) -> Composed | None:
        return self._targets_first(start) or self._action_first(start) or self._opener_first(start)

    def _targets_first(self, start: int) -> Composed | None:
        """ "MEK 1/2 inhibitors", "VEGF/VEGFR-directed therapy", "anti-PD-1 or anti-CTLA-4 antibody"."""
        anti = self._prefix(start) != start
        bare: _Targets | None = None
        for targets in self._target_lists(start):
            behind = targets.end
            action = self._lexicon.action.match(self._text, self._blank(behind))
            if not action:
                behind = self._skip(self._lexicon.qualifier, behind)
                action = self._lexicon.action.match(self._text, self._blank(behind))
            if action and self._text[targets.end : targets.end + 1] == " ":
                words = self._text[self._blank(targets.end) : action[1]]
                return self._meanings(start, action[1], targets, action[0], words, anti)
            bare = bare or targets
        if anti and bare:
            return self._meanings(start, bare.end, bare, "targeted", "", anti)
        return None

    def _meanings(self, start: int, end: int, targets: _Targets, action: str, words: str, anti: bool) -> Composed:
        meanings = []
        for target, surface in dict.fromkeys(targets.items):
            names = [f"{surface} {words}"] if words else []
            if anti:
                names = [f"anti {n}" for n in names] + [f"anti {surface}"] + names
            if action in ("inhibitor", "antagonist", "agonist", "antibody", "degrader"):
                names.append(f"{surface} {action}")
            meanings.append(TargetMeaning(target, action, tuple(names)))
        return Composed(start, end, tuple(meanings))

    def _action_first(self, start: int) -> Composed | None:
        """ "inhibitors of the PI3K/AKT/mTOR pathway", "antibody targeting CTLA-4"."""
        action = self._lexicon.action.match(self._text, start)
        if not action or action[0] == "targeted":
            return None
        opener = self._lexicon.opener.match(self._text, self._blank(action[1]))
        if not opener:
            return None
        return self._targets_behind(start, opener[1], action[0])

    def _opener_first(self, start: int) -> Composed | None:
        """ "(agents) targeting mTOR"."""
        opener = self._lexicon.opener.match(self._text, start)
        if not opener or not opener[0]:
            return None
        return self._targets_behind(start, opener[1], opener[0])

    def _targets_behind(self, start: int, at: int, action: str) -> Composed | None:
        here = self._blank(at)
        for article in ("the ", "either "):
            if self._text.startswith(article, here):
                here += len(article)
        for targets in self._target_lists(here):
            end = self._skip(self._lexicon.qualifier, targets.end)
            return self._meanings(start, end, targets, action, "", False)
        return None

    def _suffixed(self, hit: Hit) -> Composed:
        """ "MEKi"."""
        surface = self._text[hit.start : hit.end - 1]
        targets = _Targets(tuple((e.key, surface) for e in hit.of_kind("target")), hit.end)
        return self._meanings(hit.start, hit.end, targets, "inhibitor", "inhibitor", False)

    # --- drugs and classes with what belongs to them -----------------------------------------------------------------------------------

    def _based(self, at: int, group: Sequence[Hit]) -> Iterator[Composed]:
        """ "platinum- or taxane-based chemotherapy"; and "platinum chemotherapy", which means the narrower of the two."""
        for parts, end in self._drug_lists(at):
            base = self._lexicon.base.match(self._text, end + 1) if self._text[end : end + 1] == " " else None
            if base:
                head = self._lexicon.head.match(self._text, self._blank(base[1]))
                yield Composed(at, head[1] if head else base[1], parts)
                return
        for hit in group:
            if not _is_therapy(hit) or self._text[hit.end : hit.end + 1] != " ":
                continue
            for following in self._scan.by_start.get(hit.end + 1, ()):
                narrower = self._narrower(hit, following) if any(e.kind == "class" for e in following.entries) else None
                if narrower:
                    yield Composed(at, following.end, (narrower,))
                    return

    def _drug_lists(self, at: int, depth: int = 0) -> Iterator[tuple[tuple[Hit, ...], int]]:
        """Lists of drugs, classes and regimens that begin here, longest first."""
        if depth >= _MAX_LIST:
            return
        for hit in self._scan.by_start.get(at, ()):
            if not _is_therapy(hit):
                continue
            connected = self._connect(hit.end)
            if connected is not None:
                for rest, end in self._drug_lists(connected, depth + 1):
                    yield (hit, *rest), end
            yield (hit,), hit.end


def _is_therapy(hit: Hit) -> bool:
    return any(e.kind in ("drug", "class", "regimen") for e in hit.entries)


_PkFound = tuple[dict[tuple[str, str], tuple[str, ...]], int, tuple[tuple[int, int], ...]]
