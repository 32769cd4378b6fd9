"""Which data stands behind which suite of the corpus, and where the corpus is."""

from collections.abc import Callable
from pathlib import Path

from tests.gateway.audit.corpus import abstract, keys, requires
from tests.gateway.audit.corpus.keys import Suite

ROOT = Path(__file__).parents[4]
PLACES = (ROOT.parent / "shared/corpus/federation", Path("/work/shared/corpus/federation"))
CORPUS = next((place for place in PLACES if place.is_dir()), None)

SUITES: dict[str, Callable[[], Suite]] = {
    "abstract-types": abstract.abstract_types,
    "circular-reference-interface": abstract.circular_reference_interface,
    "complex-entity-call": keys.complex_entity_call,
    "enum-intersection": abstract.enum_intersection,
    "fed1-external-extends": keys.external,
    "fed2-external-extension": keys.external,
    "include-skip": requires.include_skip,
    "interface-object-indirect-extension": abstract.interface_object_indirect_extension,
    "keys-mashup": keys.keys_mashup,
    "mutations": requires.mutations,
    "nested-provides": keys.nested_provides,
    "override-with-requires": keys.override_with_requires,
    "parent-entity-call": keys.parent_entity_call,
    "partial-union": abstract.partial_union,
    "provides-on-interface": keys.provides_on_interface,
    "requires-circular": requires.requires_circular,
    "requires-interface": requires.requires_interface,
    "requires-with-argument": requires.requires_with_argument,
    "shared-root": keys.shared_root,
    "simple-entity-call": keys.simple_entity_call,
    "simple-inaccessible": abstract.simple_inaccessible,
    "simple-interface-object": abstract.simple_interface_object,
    "typename": abstract.typename,
    "union-intersection": abstract.union_intersection,
}
