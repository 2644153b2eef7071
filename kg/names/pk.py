"""Phrases of strength, enzyme and role: "strong inhibitors or inducers of CYP3A4", "sensitive P-gp substrates"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg.names.lexicon import Phrases
from kg.names.meanings import ANY_CYP, Composed, PkMeaning
from kg.names.reader import MAX_LIST, Reader

__all__ = ["PkReader"]

_LATE_STRENGTH = re.compile(
    r" ?\(|, |:? - |(?: (?:that|which) are)? (?:classed|classified|considered|graded|labell?ed|listed|rated|regarded) (?:as |to be )?"
    r"| (?:that|which) are | (?:of|with|to) (?:an? )?"
)
"""What leads to a strength that stands behind its phrase: "CYP3A inhibitors, strong", "inhibitors of CYP3A4 that are potent"."""
_LATE_STRENGTH_ENDS = re.compile(
    r"(?: only)?\)|(?: (?:potency|strength|activity|effects?|inhibition|induction|degree|extent))?"
    r"(?=$|[.,;:)\0]| \(| (?:within|in the|for|during|or other|by|according to|per) )"
)

_NOT_THESE = re.compile(
    r"(?:(?:,| -) (?:but )?| but )not (?:{0}(?:{2}{0}){{0,2}}|{1}(?:{2}{1})?)(?:,| -)?(?= )".format(
        r"(?:strong|potent|moderate|weak|mild)", r"(?:inhibitors?|inducers?)", r"(?: or | and |/|, (?:or )?)"
    )
)
"""What is set against a strength or a role before the rest of its phrase: "strong, but not moderate, CYP3A4 inhibitors"."""
_NARROW_LEADS = re.compile(r"(?:and )?(?:(?:that|which) (?:are|is)(?: also)?(?: an?)?|(?<=and )are) ")
"""What leads from a narrow index to the role: "drugs with a narrow therapeutic index that are substrates of CYP2C9"."""

_NARROW_BEHIND = re.compile(r"(?:,? (?:and )?| \()(?:with|having|(?:(?<=and )|that |which )(?:have|has))(?: an?| the)? | of | \(|, | or ")
"""What leads to a narrow index behind the role: "substrates of CYP2C9 that have a narrow therapeutic index"."""
_OTHER_ISOFORM = re.compile(r"(?P<cyp>cyp ?)?\d[a-z][a-z\d]{1,2}(?:/\d[a-z\d]{0,3})?(?![\w-])")
"""An isoform that the tables do not hold, or a mistyped one: those beside it in a list are named all the same ("CYP1A2, 2J2 and 3A4")."""
_OR_NARROW = ("or ", "and/or ", "and ", ", ")
"""What joins a strength to a narrow index."""


def _never(end: int, again: bool) -> bool:
    """That no role belongs to what follows it."""
    return False


_Holes = tuple[tuple[int, int], ...]
_Found = tuple[dict[tuple[str, str], tuple[str, ...]], int, _Holes]
"""Strengths by (enzyme, role), the end, and the parentheses read over."""


@dataclass(frozen=True, slots=True)
class _Enzymes:
    items: tuple[tuple[str, tuple[str, ...]], ...]
    end: int
    holes: _Holes = ()


@dataclass(frozen=True, slots=True)
class _Roles:
    items: tuple[tuple[str, tuple[str, ...]], ...]
    end: int
    holes: tuple[tuple[int, int], ...]


class PkReader(Reader):
    """Reads phrases about enzymes and transporters."""

    def _strengths(self, at: int) -> tuple[tuple[str, ...], int]:
        strengths: list[str] = []
        end = at
        for _ in range(MAX_LIST):
            found = self.lexicon.strength.match(self.text, at)
            if not found:
                break
            if found[0] not in strengths:
                strengths.append(found[0])
            end = found[1]
            connected = self.lexicon.strength_connector.match(self.text, end)
            at = connected.end() if connected else self.blank(end)
        return tuple(strengths), end

    def _enzyme(self, at: int, bare: bool) -> tuple[list[str], int] | None:
        """Enzyme keys at a place; `bare`: "2C9" alone will do, since an enzyme came before it."""
        for hit in self.scan.by_start.get(at, ()):
            named = [e for e in hit.of_kind("enzyme") if bare or not e.name[:1].isdigit()]
            if named:
                keys = list(dict.fromkeys(e.key for e in named))
                more, end = self.numbered(hit, "enzyme")
                told = self._told_in_hole(end)
                if told and not {*keys, *more}.isdisjoint(told[0]):
                    return told  # "breast cancer resistance protein (BCRP/ABCG2)", "OATPs (OATP1B1 and OATP1B3)"
                return keys + more, self._alias(self.closed(at, end))
        other = _OTHER_ISOFORM.match(self.text, at)
        if other and (bare or other["cyp"]):
            return [], other.end()
        generic = self.lexicon.generic_enzyme.match(self.text, at)
        if not generic:
            return None
        told = self._told_in_hole(generic[1])
        if told:
            return told
        inner = self._alias(generic[1])
        behind = self.blank(self.skip(self.lexicon.filler, inner))
        if not bare:
            isoform = self._enzyme(behind, True) if behind > generic[1] else None
            if isoform and isoform[0] != [ANY_CYP]:
                return isoform
        return [ANY_CYP], inner

    def _told_in_hole(self, at: int) -> tuple[list[str], int] | None:
        """The enzymes that a parenthesis behind a word for any names: "cytochrome P450 (CYP3A4)", "the enzyme (CYP3A4)"."""
        hole = self.hole(at)
        if hole is None:
            return None
        one = self._enzyme(hole[0] + 1, True)
        more = self._enzymes(hole[0] + 1, ())
        keys, end = ([key for key, _ in more.items], more.end) if more else one or ([], -1)
        return (keys, hole[1]) if hole[1] - 1 <= end <= hole[1] and ANY_CYP not in keys else None

    def _alias(self, at: int) -> int:
        """Behind a parenthesis that only repeats an enzyme ("cytochrome P450 3A4 (CYP3A4)")."""
        behind = self.alias(at, "enzyme")
        hole = self.hole(at) if behind == at else None
        generic = self.lexicon.generic_enzyme.match(self.text, hole[0] + 1) if hole else None
        return hole[1] if hole and generic and generic[1] == hole[1] - 1 else behind

    def _enzymes(self, at: int, strengths: tuple[str, ...], *, behind_role: bool = False) -> _Enzymes | None:
        """A list of enzymes. `behind_role`: its last member may open a phrase of its own ("inhibitors of CYP3A4, or P-gp inhibitors")."""
        items: list[tuple[str, tuple[str, ...]]] = []
        holes: list[tuple[int, int]] = []
        hole = None
        end = -1
        for _ in range(MAX_LIST):
            here = at
            if items:
                own, behind = self._strengths(here)
                if own:
                    strengths, here = own, self.blank(behind)
                here = self.blank(self.skip(self.lexicon.filler, here - 1)) if self.text[here - 1 : here] == " " else here
            found = self._enzyme(here, end >= 0) or self._bare_isoform(here, strengths)
            if not found and not items:
                behind = self.skip(self.lexicon.filler, at)
                found = self._enzyme(self.blank(behind), False) or self._told_in_hole(behind)
            if not found or (behind_role and items and self._has_role(found[1])):
                break
            items.extend((key, strengths) for key in found[0] if key not in [k for k, _ in items])
            holes += [hole] if hole else []
            end = found[1]
            hole = self.hole(end)  # "of CYP3A4 (e.g. itraconazole) and CYP2D6"
            connected = self.connect(hole[1] if hole else end)
            if connected is None:
                break
            at = connected
        return _Enzymes(tuple(items), end, tuple(holes)) if items else None

    def _bare_isoform(self, at: int, strengths: tuple[str, ...]) -> tuple[list[str], int] | None:
        """Enzymes named by a number alone where a strength stands before it or a role behind: "strong 3A4 inhibitors"."""
        found = self._enzyme(at, True) if self.text[at : at + 1].isdigit() else None
        return found if found and (strengths or self._has_role(found[1])) else None

    def _has_role(self, at: int) -> bool:
        behind = self.skip(self.lexicon.filler, at)
        return self.text[behind : behind + 1] == " " and self.lexicon.role.match(self.text, behind + 1) is not None

    def _role_words(self, at: int, strengths: tuple[str, ...], words: Phrases, stop: Callable[[int, bool], bool]) -> _Roles | None:
        """A list of roles. `stop(end, again)` says that the role just read belongs to what follows it, and ends the list before it.

        `again`: it was read before, or has a strength of its own.
        """
        items: list[tuple[str, tuple[str, ...]]] = []
        holes: list[tuple[int, int]] = []
        end = at
        for _ in range(MAX_LIST):
            found = words.match(self.text, at)
            if not found or (items and stop(found[1], False)):
                break
            end = found[1]
            after = end
            hole = self.hole(end)
            if hole:
                after = hole[1]
            items.extend((role, self._strengths_in(hole) or strengths) for role in found[0].split("|"))
            connected = self.connect(after)
            if connected is None:
                break
            own, behind = self._strengths(connected)
            following = self.blank(behind) if own else connected
            following = (
                self.blank(self.skip(self.lexicon.filler, following - 1)) if self.text[following - 1 : following] == " " else following
            )
            next_role = words.match(self.text, following)
            again = next_role is not None and (bool(own) or any(role in next_role[0].split("|") for role, _ in items))
            if not next_role or stop(next_role[1], again) or self._opens_a_class(connected, next_role[1]):
                break
            if hole:
                holes.append(hole)
            strengths = own or strengths
            at = following
        if items:
            told = self._strengths_in(self.hole(end))
            items = [(role, of_role or told) for role, of_role in items]  # "inhibitors or inducers (strong)"
        return _Roles(tuple(items), end, tuple(holes)) if items else None

    def _opens_a_class(self, at: int, end: int) -> bool:
        """Whether a role is a word of a class's name: "CYP3A4 inhibitors or enzyme-inducing anticonvulsants"."""
        return any(hit.end > end and hit.of_kind("class") for hit in self.scan.by_start.get(at, ()))

    def _strengths_in(self, hole: tuple[int, int] | None) -> tuple[str, ...]:
        """The strengths of which alone a parenthesis behind a role tells: "inhibitors (strong or moderate) or inducers (strong)"."""
        strengths, end = self._strengths(hole[0] + 1) if hole else ((), 0)
        return strengths if hole and self.text[end : hole[1]] in (")", " only)") else ()

    def _narrow(self, at: int) -> int | None:
        """Behind "with (a) narrow therapeutic index" or "(narrow therapeutic index)"."""
        lead = _NARROW_BEHIND.match(self.text, at)
        found = self.lexicon.narrow.match(self.text, lead.end()) if lead else None
        if found:
            return found[1]
        return None

    def _late_strengths(self, at: int) -> tuple[tuple[str, ...], int]:
        """Strengths that stand behind a phrase and end there: "CYP3A inhibitors, strong or moderate", not "CYP3A inhibitors, strong inducers"."""  # noqa: E501
        lead = _LATE_STRENGTH.match(self.text, at)
        if lead is None:
            return (), at
        strengths, end = self._strengths(lead.end())
        closed = _LATE_STRENGTH_ENDS.match(self.text, end) if strengths else None
        if closed is None or closed.group().endswith(")") != lead.group().endswith("("):
            return (), at
        hole = self.hole(closed.end())
        following = self.connect(hole[1]) if hole else None
        if following is not None and self._strengths(following)[0]:
            return (), at  # "inhibitors of CYP3A4 - strong (within 14 days), moderate (within 7 days)"
        return strengths, closed.end()

    def _denied(self, at: int) -> int:
        """Behind what is set against a strength or a role that ends here."""
        found = _NOT_THESE.match(self.text, at)
        return found.end() if found else at

    def read(self, start: int) -> Composed | None:
        lexicon = self.lexicon
        at = start
        narrow = lexicon.narrow.match(self.text, at)
        if narrow:
            at = self.blank(self.skip(lexicon.filler, narrow[1]))
            lead = _NARROW_LEADS.match(self.text, at)
            at = lead.end() if lead else at
            at = self.blank(self.skip(lexicon.filler, at - 1))
        strengths, behind = self._strengths(at)
        if strengths:
            at = behind
            hole = self.hole(at)
            at = self.blank(hole[1] if hole else self._denied(at))
            # "sensitive or narrow therapeutic index substrates"
            late = lexicon.narrow.match(self.text, at + next((len(lead) for lead in _OR_NARROW if self.text.startswith(lead, at)), 0))
            if late:
                narrow = late
                at = self.blank(late[1])
        behind = self.blank(self.skip(lexicon.filler, at - 1)) if self.text[at - 1 : at] == " " and at > start else at
        found = self._phrase(behind, strengths) or (self._phrase(at, strengths) if at < behind else None)
        if not found:
            return None
        pairs, end, holes = found
        late_strengths, end = self._late_strengths(end)
        behind_narrow = self._narrow(end)
        meanings = []
        for (enzyme, role), told in pairs.items():
            asked = told or late_strengths
            # "sensitive" grades substrates, "strong" and its kin perpetrators: a word of the other kind is not asked of this role.
            fitting = tuple(s for s in asked if (s == "sensitive") == (role == "substrate") or s == "moderate")
            is_narrow = bool(narrow or behind_narrow) and role == "substrate"
            meanings.append(PkMeaning(enzyme, role, fitting, is_narrow))
        if behind_narrow and any(m.narrow_index for m in meanings):
            end = behind_narrow
        return Composed(start, end, tuple(meanings), holes)

    def _phrase(self, at: int, strengths: tuple[str, ...]) -> _Found | None:
        return self._enzyme_first(at, strengths) or self._role_first(at, strengths) or self._verb_first(at, strengths)

    def _enzyme_first(self, at: int, strengths: tuple[str, ...]) -> _Found | None:
        """ "strong CYP3A4 or P-gp inhibitors and/or inducers"."""
        enzymes = self._enzymes(at, strengths)
        if not enzymes:
            return None
        hole = self.hole(enzymes.end)  # "CYP3A4 (e.g. itraconazole) inhibitors"
        behind = self.skip(self.lexicon.filler, hole[1] if hole else enzymes.end)
        own, after = self._strengths(self.blank(behind))
        if own:
            behind = after
        here = self.blank(behind)
        if here == behind:
            return None
        roles = self._role_words(here, own or strengths, self.lexicon.role, self._owns_enzymes)
        if not roles:
            return None
        pairs: dict[tuple[str, str], tuple[str, ...]] = {}
        for role, of_role in roles.items:
            for enzyme, of_enzyme in enzymes.items:
                pairs[enzyme, role] = of_role if own or of_role != strengths else of_enzyme
        return pairs, roles.end, (*enzymes.holes, *((hole,) if hole else ()), *roles.holes)

    def _owns_enzymes(self, at: int, again: bool = False) -> bool:
        """Whether a role that ends here has enzymes of its own; one that comes again may share those of the next ("again")."""
        opener = self.lexicon.opener.match(self.text, self.blank(at))
        return bool(opener and self._enzymes(opener[1], ())) or (again and self._goes_on_to_others(at))

    def _role_first(self, at: int, strengths: tuple[str, ...]) -> _Found | None:
        """ "strong inhibitors or inducers (…) of CYP3A4"."""
        roles = self._role_words(at, strengths, self.lexicon.role, _never)
        if not roles:
            return None
        end, holes = roles.end, list(roles.holes)
        late, behind = self._late_strengths(end)
        if late and self.text.startswith(", of ", behind):  # "inhibitors, strong or moderate, of CYP3A4"
            roles, end = _Roles(tuple((role, asked or late) for role, asked in roles.items), behind + 1, roles.holes), behind + 1
        hole = self.hole(end)
        behind = self.blank(hole[1] if hole else self._denied(end))
        opener = self.lexicon.opener.match(self.text, behind) or self.lexicon.role_opener.match(self.text, behind)
        if not opener and not hole:
            bare = self._enzymes(behind, ()) if behind > end else None
            if bare and not self._has_role(bare.end):  # "strong inhibitors CYP3A4/5"
                return {(enzyme, role): asked for role, asked in roles.items for enzyme, _ in bare.items}, bare.end, (*holes, *bare.holes)
        if not opener:
            told = self._told_in_hole(end) or self._at_once(end)  # "strong inhibitors (CYP3A4)"
            return ({(enzyme, role): asked for role, asked in roles.items for enzyme in told[0]}, told[1], tuple(holes)) if told else None
        if hole:
            holes.append(hole)
        enzymes = self._enzymes(opener[1], (), behind_role=True)
        if not enzymes:
            return None
        holes.extend(enzymes.holes)
        items = list(roles.items)
        end = self._skip_nouns(enzymes.end)
        connected = self.connect(end)
        if connected is not None:
            own, behind = self._strengths(connected)
            more = self._role_words(self.blank(behind) if own else connected, own or items[-1][1], self.lexicon.role, self._owns_enzymes)
            if more and not self._owns_enzymes(more.end) and not self._goes_on_to_others(more.end):
                items.extend(more.items)
                holes.extend(more.holes)
                end = more.end
        pairs = {(enzyme, role): asked or of_role for role, of_role in items for enzyme, asked in enzymes.items}
        return pairs, end, tuple(holes)

    def _goes_on_to_others(self, at: int) -> bool:
        """Whether a role is the first of several with enzymes of their own: "inhibitors of UGT1A1 and inhibitors or inducers of CYP3A4"."""
        connected = self.connect(at)
        if connected is None or "," in self.text[at:connected]:
            return False
        more = self._role_words(connected, (), self.lexicon.role, _never)
        return more is not None and self._owns_enzymes(more.end)

    def _at_once(self, at: int) -> tuple[list[str], int] | None:
        """The enzymes right behind a role: "strong inhibitors CYP3A4/5"; not those of a role of their own, "inhibitors CYP3A4 inducers"."""
        enzymes = self._enzymes(at + 1, (), behind_role=True) if self.text[at : at + 1] == " " else None
        if enzymes is None or self._has_role(enzymes.end) or ANY_CYP in (keys := [key for key, _ in enzymes.items]):
            return None
        return keys, enzymes.end

    def _skip_nouns(self, at: int) -> int:
        """Behind "enzyme(s)", "pathway" and the like that close an enzyme list."""
        for noun in ("enzyme", "enzymes", "isoenzyme", "isoenzymes", "isozymes", "pathway", "transporter", "transporters", "activity"):
            if self.text.startswith(f" {noun}", at) and not self.text[at + len(noun) + 1 : at + len(noun) + 2].isalnum():
                return at + len(noun) + 1
        return at

    def _verb_first(self, at: int, strengths: tuple[str, ...]) -> _Found | None:
        """ "(drugs that) strongly inhibit or induce (e.g. …) CYP3A4", "metabolised by CYP2D6"."""
        roles = self._role_words(at, strengths, self.lexicon.verb, _never)
        if not roles:
            return None
        hole = self.hole(roles.end)
        behind = hole[1] if hole else roles.end
        enzymes = self._enzymes(self.blank(behind), (), behind_role=True)
        if not enzymes or self.blank(behind) == behind:
            return None
        pairs = {(enzyme, role): asked or of_role for role, of_role in roles.items for enzyme, asked in enzymes.items}
        return pairs, self._skip_nouns(enzymes.end), (*roles.holes, *((hole,) if hole else ()), *enzymes.holes)
