"""Worlds for the corpus' suites: what their subgraphs would have to know to give the answers expected."""

from collections.abc import Callable
from typing import Any

from tests.gateway.engine.world import PROVIDES, Entities

Roots = dict[str, dict[str, Any]]
World = tuple[Roots, Entities]


def _by_id(objects: list[Any]) -> Callable[..., Any]:
    return lambda _, id: next((o for o in objects if o["id"] == id), None)


def _abstract_types() -> World:
    u1: Any = {"email": "u1@example.com", "name": "u1-name", "totalProductsCreated": 2}
    u2: Any = {"email": "u2@example.com", "name": "u2-name", "totalProductsCreated": 2}
    agency = {"__typename": "Agency", "id": "a1", "companyName": "Agency 1", "email": {"address": "a1@example.com"}}
    self = {"__typename": "Self", "email": "u1@example.com"}

    def product(kind: str, n: int, weight: float, user: Any, publisher: Any) -> Any:
        return {
            "__typename": kind, "id": f"p{n}", "sku": f"sku-{n}", "createdBy": user, "publisherType": publisher,
            "dimensions": {"size": "small", "weight": weight}, "title": f"{kind} {1 if n < 3 else 2}", "reviews": [],
            "reviewsScore": 4.5, "reviewsCount": lambda p: len(p["reviews"]),
            "delivery": lambda p, zip=None: {
                "fastestDelivery": "same day" if p["dimensions"]["weight"] else "?", "estimatedDelivery": "1 day"
            },
        }  # fmt: skip

    p1, p3 = product("Book", 1, 0.5, u1, self), product("Book", 3, 0.6, u2, self)
    p2, p4 = product("Magazine", 2, 0.2, u1, agency), product("Magazine", 4, 0.3, u2, agency)
    p1["reviews"] = [{"id": 1, "body": "r1", "product": p1}, {"id": 2, "body": "r2", "product": p1}]
    p2["reviews"] = [{"id": 3, "body": "r3", "product": p2}]
    alike = {"p1": [p3], "p2": [p4], "p3": [p1], "p4": [p2]}
    for p in (p1, p2, p3, p4):
        p["similar"] = alike[p["id"]]
    roots = {"products": [p1, p3, p2, p4], "similar": lambda _, id: alike[id]}
    return {"*": roots}, {"Book": [p1, p3], "Magazine": [p2, p4], "User": [u1, u2], "Agency": [agency]}


def _circular_reference_interface() -> World:
    b1: Any = {"__typename": "Book", "id": "1", "price": 10.99}
    b3: Any = {"__typename": "Book", "id": "3", "price": 10.99, "samePriceProduct": {**b1, PROVIDES: {"price"}}}
    b1["samePriceProduct"] = {**b3, PROVIDES: {"price"}}
    return {"*": {"product": b1}}, {"Book": [b1, b3]}


def _complex_entity_call() -> World:
    def product(n: str, price: float) -> Any:
        category: Any = {"id": f"c{n}", "tag": f"t{n}"}
        made = {"id": n, "pid": f"p{n}", "price": {"price": price}, "category": category}
        category["mainProduct"] = made
        return made

    p1, p2 = product("1", 100), product("2", 200)
    top = {"products": [p1, p2], "selected": p2, "first": p1}
    categories = [p1["category"], p2["category"]]
    return {"*": {"topProducts": top}}, {"Product": [p1, p2], "ProductList": [top], "Category": categories}


def _enum_intersection() -> World:
    users = [{"id": "u1", "type": "REGULAR"}, {"id": "u2", "type": "ANONYMOUS"}]
    by_type = lambda _, type: [user for user in users if user["type"] == type]  # noqa: E731 - a table entry
    return {"*": {"users": users, "usersB": users, "usersByType": by_type}}, {"User": users}


def _external_extends() -> World:
    users: Any = [
        {"id": f"u{n}", "name": f"u{n}-name", "rid": f"u{n}-rid", "nickname": f"u{n}-nickname"} for n in (1, 2)
    ]
    roots = {
        "randomUser": users[0],
        "providedRandomUser": {**users[0], PROVIDES: {"name"}},
        "userById": _by_id(users),
    }
    return {"*": roots}, {"User": users}


def _include_skip() -> World:
    def never(_: Any) -> Any:
        raise AssertionError("never called")

    product = {
        "id": "p1", "price": 699.99, "isExpensive": lambda p: p["price"] > 500,
        "include": lambda p: p["isExpensive"], "skip": lambda p: p["isExpensive"],
        "neverCalledInclude": never, "neverCalledSkip": never,
    }  # fmt: skip
    return {"*": {"product": product}}, {"Product": [product]}


def _interface_object_indirect_extension() -> World:
    video: Any = {
        "__typename": "Video", "id": "1", "title": "title for 1", "duration": 100, "authorName": "John Doe"
    }  # fmt: skip
    playlist = {"id": "1", "name": "name for 1", "media": {"id": "1"}}
    roots = {"media": video, "author": {"id": "1", "name": "name for 1"}, "playlist": playlist}
    return {"*": roots}, {"Video": [video], "Playlist": [playlist]}


def _keys_mashup() -> World:
    a: Any = {
        "id": "1", "pId": "a.1.pId", "compositeId": {"one": "1", "two": "2", "three": "3"}, "name": "a.1",
        "nameInB": lambda o: f"b.a.nameInB {o['name']}",
    }  # fmt: skip
    b = {"id": "100", "a": [a]}
    return {"*": {"b": b}}, {"A": [a], "B": [b]}


def _mutations() -> World:
    numbers: dict[str, int] = {}

    def add(_: Any, num: int, requestId: str) -> int:
        numbers[requestId] = numbers.get(requestId, 0) + num
        return numbers[requestId]

    def multiply(_: Any, by: int, requestId: str) -> int:
        numbers[requestId] *= by
        return numbers[requestId]

    expensive = lambda p: p["price"] > 100  # noqa: E731 - a table entry
    p1 = {"id": "p1", "name": "p1-name", "price": 9.99, "isExpensive": expensive, "isAvailable": True}
    new: Any = {"id": "p9", "name": "new", "price": 599.99, "isExpensive": expensive, "isAvailable": True}
    roots = {
        "add": add,
        "multiply": multiply,
        "delete": lambda _, requestId: numbers.pop(requestId),
        "product": _by_id([p1]),
        "addProduct": lambda _, input: {**new, **input},
        "addCategory": lambda _, name, requestId: {"id": f"c-added-{requestId}", "name": name},
    }
    return {"*": roots}, {"Product": [p1, new]}


def _nested_provides() -> World:
    def category(n: int, inner: list[Any]) -> Any:
        return {"id": f"c{n}", "name": f"Category {n}", "subCategories": inner, PROVIDES: {"subCategories"}}

    flat = {n: category(n, []) for n in (1, 2, 3)}
    c1, c2, c3 = category(1, [flat[2]]), category(2, [flat[3]]), category(3, [flat[1]])
    products = [
        {"id": "p1", "categories": [c1, c2], PROVIDES: {"categories"}},
        {"id": "p2", "categories": [c3, c2], PROVIDES: {"categories"}},
    ]
    return {"*": {"products": products}}, {"Product": products, "Category": [c1, c2, c3]}


def _override_with_requires() -> World:
    def user(n: int) -> Any:
        return {
            "id": f"u{n}",
            "name": f"u{n}-name",
            "aName": lambda u: f"a__{u['name']}",
            "cName": lambda u: f"c__{u['name']}",
        }

    users = [user(n) for n in (1, 2, 3)]
    return {"*": {"userInA": users[0], "userInB": users[1], "userInC": users[2]}}, {"User": users}


def _parent_entity_call() -> World:
    c1, c2 = (
        {"id": "c1", "name": "C1", "details": {"products": 2}},
        {"id": "c2", "name": "C2", "details": {"products": 1}},
    )
    products: Any = [{"id": f"p{n}", "pid": f"p{n}-pid", "category": c} for n, c in ((1, c1), (2, c2), (3, c1))]
    return {"*": {"products": products}}, {"Product": products, "Category": [c1, c2]}


def _partial_union() -> World:
    actions = [
        {"__typename": "Alpha", "id": "alpha-1", "value": "alpha value"},
        {"__typename": "Beta", "id": "beta-1", "name": "beta name", "details": "beta details"},
        {"__typename": "Gamma", "id": "gamma-1", "label": "gamma label"},
    ]
    return {"*": {"getResponse": {"message": "Hello, Federation!", "actions": actions}}}, {}


def _provides_on_interface() -> World:
    fido: Any = {"__typename": "Dog", "id": "a1", "name": "Fido", "age": 3}
    whiskers: Any = {"__typename": "Cat", "id": "a2", "name": "Whiskers", "age": 6}
    bare = {"__typename": "Book", "id": "m1", "animals": [fido, whiskers]}
    provided = {**bare, PROVIDES: {"animals"}, "animals": [{**a, PROVIDES: {"id", "name"}} for a in (fido, whiskers)]}
    return {"a": {"media": bare, "book": bare}, "b": {"media": provided}}, {
        "Book": [bare],
        "Dog": [fido],
        "Cat": [whiskers],
    }


def _requires_circular() -> World:
    def post(n: int, years: int) -> Any:
        author = {"id": f"a{n}", "name": "?", "yearsOfExperience": years}
        return {
            "id": f"p{n}", "author": author, "byNovice": lambda p: p["author"]["yearsOfExperience"] < 2,
            "byExpert": lambda p: not p["byNovice"],
        }  # fmt: skip

    posts = [post(1, 1), post(2, 5)]
    return {"*": {"feed": posts}}, {"Post": posts, "Author": [post["author"] for post in posts]}


def _requires_interface() -> World:
    def user(n: int, address: Any) -> Any:
        return {
            "id": f"u{n}", "name": f"u{n}", "address": address, "city": lambda u: f"{u['address']['id']}-city",
            "country": lambda u: "x" if u["address"]["__typename"] == "WorkAddress" else None,
        }  # fmt: skip

    home, work = {"__typename": "HomeAddress", "id": "a1"}, {"__typename": "WorkAddress", "id": "a2"}
    users = [user(1, home), user(2, work)]
    return {"*": {"a": users[0], "b": users[1]}}, {"User": users, "HomeAddress": [home], "WorkAddress": [work]}


def _requires_with_argument() -> World:
    def product(n: int, price: int, weight: int, average: int) -> Any:
        return {
            "upc": f"p{n}", "name": f"p-name-{n}", "weight": weight, "price": lambda _, currency: price,
            "category": {"averagePrice": lambda _, currency: average},
            "shippingEstimate": lambda p: p["price"] * p["weight"] * 10,
            "isExpensiveCategory": lambda p: p["category"]["averagePrice"] > 11,
        }  # fmt: skip

    authors = {f"a{n}": {"id": f"a{n}", "name": f"a{n}-name"} for n in (1, 2)}
    comments = [{"id": f"c{n}", "authorId": "a2" if n < 4 else "a1", "body": "b", "date": "d"} for n in range(1, 7)]

    def post(n: int, own: list[Any]) -> Any:
        return {
            "id": f"p{n}", "comments": lambda _, limit: own[:limit],
            "author": lambda p: authors[p["comments"][2]["authorId"]],
        }  # fmt: skip

    products = [product(1, 11, 1, 11), product(2, 22, 2, 22)]
    posts = [post(1, comments[:3]), post(2, comments[3:])]
    return {"*": {"products": products, "feed": posts}}, {"Product": products, "Post": posts, "Comment": comments}


def _shared_root() -> World:
    product = {
        "id": "1", "name": {"id": "1", "brand": "Brand 1", "model": "Model 1"},
        "category": {"id": "1", "name": "Category 1"}, "price": {"id": "1", "amount": 1000, "currency": "USD"},
    }  # fmt: skip
    return {"*": {"product": product, "products": [product]}}, {}


def _simple_entity_call() -> World:
    user = {"id": "1", "email": "user1@example.com", "nickname": "user1"}
    return {"*": {"user": user}}, {"User": [user]}


def _simple_inaccessible() -> World:
    u1: Any = {"id": "u1", "age": 1, "type": "FAMILY"}
    u2: Any = {"id": "u2", "age": 2, "type": "FAMILY", "friends": lambda _, type: [u1] if type == "FAMILY" else []}
    u1["friends"] = lambda _, type: [u2] if type == "FAMILY" else []
    return {"*": {"usersInAge": [u1, u2], "usersInFriends": [u1, u2]}}, {"User": [u1, u2]}


def _simple_interface_object() -> World:
    users: Any = [
        {"__typename": "User", "id": f"u{n}", "name": f"u{n}-name", "username": f"u{n}-username", "age": 11 * n}
        for n in (1, 2)
    ]
    names = (("Admin", "Alice"), ("Admin", "Bob"), ("Regular", "Charlie"))
    accounts: Any = [
        {"__typename": kind, "id": f"u{n}", "name": name, "isMain": False, "isActive": True}
        for n, (kind, name) in enumerate(names, 1)
    ]
    seen_by_c = [{**account, "isActive": False} for account in accounts]
    entities = {"User": users, "Admin": accounts[:2], "Regular": accounts[2:], "Account": seen_by_c}
    return {"*": {"users": users, "anotherUsers": users, "accounts": accounts}}, entities


def _typename() -> World:
    admins = [{"__typename": "Admin", "id": f"u{n}", "name": f"n{n}", "isMain": False} for n in (1, 2)]
    roots = {
        "union": {"__typename": "Oven", "id": "1"},
        "interface": {"__typename": "Toaster", "id": "2"},
        "users": [{"id": "u1"}, {"id": "u2"}],
    }
    return {"*": roots}, {"Admin": admins}


def _union_intersection() -> World:
    title = "The Lord of the Rings"
    book = {"__typename": "Book", "id": "b", "title": title, "aTitle": f"A: {title}", "bTitle": f"B: {title}"}
    song = {"__typename": "Song", "id": "s", "title": "Song Title", "aTitle": "A: Song Title"}
    movie = {"__typename": "Movie", "id": "m", "title": "A Movie Title", "bTitle": "B Movie Title"}
    fields = {"media": book, "aMedia": book, "book": book, "song": song, "bMedia": movie}
    return {"*": {**fields, "viewer": fields}}, {"Book": [book], "Song": [song], "Movie": [movie]}


WORLDS: dict[str, Callable[[], World]] = {
    "abstract-types": _abstract_types,
    "circular-reference-interface": _circular_reference_interface,
    "complex-entity-call": _complex_entity_call,
    "enum-intersection": _enum_intersection,
    "fed1-external-extends": _external_extends,
    "fed2-external-extension": _external_extends,
    "include-skip": _include_skip,
    "interface-object-indirect-extension": _interface_object_indirect_extension,
    "keys-mashup": _keys_mashup,
    "mutations": _mutations,
    "nested-provides": _nested_provides,
    "override-with-requires": _override_with_requires,
    "parent-entity-call": _parent_entity_call,
    "partial-union": _partial_union,
    "provides-on-interface": _provides_on_interface,
    "requires-circular": _requires_circular,
    "requires-interface": _requires_interface,
    "requires-with-argument": _requires_with_argument,
    "shared-root": _shared_root,
    "simple-entity-call": _simple_entity_call,
    "simple-inaccessible": _simple_inaccessible,
    "simple-interface-object": _simple_interface_object,
    "typename": _typename,
    "union-intersection": _union_intersection,
}
