"""What RxNorm's products are made of: clinical drugs, packs, brands and their components → ingredients.

Relations as RxNorm's technical documentation has them: a branded drug is the tradename of a clinical drug, which consists of components,
each of which has an ingredient; a pack contains drugs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.sources.vocabularies.records import Concept

__all__ = ["Products"]

_KINDS = frozenset("BN BPCK GPCK MIN PIN SBD SBDC SBDF SBDG SCD SCDC SCDF SCDG".split())
_MADE_OF = frozenset("consists_of contains form_of has_ingredient has_part tradename_of".split())


class Products:
    """Products and what they are made of, while a release is read.

    Example:
        >>> products = Products()
        >>> products.add("1", "SCD", "imatinib 100 MG Oral Tablet", live=True)
        >>> products.add("2", "SCDC", "imatinib 100 MG", live=True)
        >>> products.relate("1", "consists_of", "2")
        >>> products.relate("2", "has_ingredient", "282388")
        >>> products.ingredients("1", {"282388": "imatinib"})
        ('282388',)
    """

    def __init__(self) -> None:
        self.names: dict[str, tuple[str, str]] = {}
        """Number → (kind, name) of those that are in use."""
        self._brands: set[str] = set()
        self._parts: dict[str, list[str]] = {}

    def add(self, number: str, kind: str, name: str, *, live: bool) -> None:
        """A concept of the release; kinds that are no product are passed over."""
        if kind == "BN":
            self._brands.add(number)
        if live and kind in _KINDS:
            self.names[number] = (kind, name)

    def relate(self, whole: str, relation: str, part: str) -> None:
        """A relation of the release, once all concepts were added; those that say nothing of what a product is made of are passed over."""
        # a product's brand name stands among its ingredients; the brand may be that of other products too
        if relation in _MADE_OF and whole in self.names and part not in self._brands:
            self._parts.setdefault(whole, []).append(part)

    def ingredients(self, number: str, known: Mapping[str, object]) -> tuple[str, ...]:
        """The ingredients that a product comes down to, in a stable order; none where one of its parts is out of use: it may lack one.

        Arguments:
            known: the release's ingredients that are in use.
        """
        found: set[str] = set()
        waiting, seen = [number], set()
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            if part in known:
                found.add(part)
            elif part in self.names and part in self._parts:
                waiting += self._parts[part]
            else:
                return ()
        return tuple(sorted(found))

    def concepts(self, known: Mapping[str, str]) -> Iterator[Concept]:
        """Each product with its ingredients.

        Arguments:
            known: names of the release's ingredients that are in use, by number.
        """
        for number, (_, name) in self.names.items():
            if parts := self.ingredients(number, known):
                substances = tuple((f"rxnorm:{part}", known[part]) for part in parts)
                yield Concept((f"rxnorm:{number}",), ((name, "product"),), (), f"RXCUI {number}", substances)
