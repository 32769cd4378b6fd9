"""Data behind the suites on keys, entity calls, externals and shared roots."""

from tests.gateway.audit.subgraph import Resolvers

Suite = dict[str, Resolvers]


def simple_entity_call() -> Suite:
    users = [{"id": "1", "email": "one@example.org", "nickname": "user1"}]
    return {"email": {"Query.user": users[0], "User": users}, "nickname": {"User": users}}


def complex_entity_call() -> Suite:
    products = [
        {"id": str(n), "pid": f"p{n}", "price": {"price": 100.0 * n}, "category": {"id": f"c{n}", "tag": f"t{n}"}}
        for n in (1, 2)
    ]
    for product in products:
        product["category"]["mainProduct"] = product  # type: ignore[index]
    categories = [product["category"] for product in products]
    top = {"products": products, "first": products[0], "selected": products[1]}
    entities = {"ProductList": [top], "Product": products, "Category": categories}
    return {
        "link": {"Product": products},
        "list": entities,
        "price": entities,
        "products": entities | {"Query.topProducts": top},
    }


def keys_mashup() -> Suite:
    one = {"id": "1", "pId": "p1", "compositeId": {"one": "1", "two": "2", "three": "3"}, "name": "a.1"}
    return {
        "a": {"A": [one]},
        "b": {
            "Query.b": {"id": "100", "a": [one]},
            "A": [one],
            "A.nameInB": lambda a: f"b.a.nameInB {a['name']}",
        },
    }


def parent_entity_call() -> Suite:
    categories = [
        {"id": "c1", "name": "Category 1", "details": {"products": 2}},
        {"id": "c2", "name": "Category 2", "details": {"products": 1}},
    ]
    products = [{"id": f"p{n}", "pid": f"pid{n}", "category": categories[n == 2]} for n in (1, 2, 3)]
    entities = {"Product": products, "Category": categories}
    return {"a": entities | {"Query.products": products}, "b": entities, "c": {"Product": products}}


def external() -> Suite:
    users = [{"id": f"u{n}", "name": f"u{n}-name", "rid": f"u{n}-rid", "nickname": f"u{n}-nickname"} for n in (1, 2)]
    return {
        "a": {"Query.randomUser": users[0], "Query.providedRandomUser": users[0], "User": users},
        "b": {"Query.userById": lambda _, id: next(user for user in users if user["id"] == id), "User": users},
    }


def shared_root() -> Suite:
    product = {
        "id": "1",
        "category": {"id": "1", "name": "Category 1"},
        "name": {"id": "1", "brand": "Brand 1", "model": "Model 1"},
        "price": {"id": "1", "amount": 1000, "currency": "USD"},
    }
    roots = {"Query.product": product, "Query.products": [product]}
    return {"category": roots, "name": roots, "price": roots}


def override_with_requires() -> Suite:
    users = [{"id": f"u{n}", "name": f"u{n}-name"} for n in (1, 2, 3)]
    return {
        "a": {"Query.userInA": users[0], "User": users, "User.aName": lambda user: f"a__{user['name']}"},
        "b": {"Query.userInB": users[1], "User": users},
        "c": {"Query.userInC": users[2], "User": users, "User.cName": lambda user: f"c__{user['name']}"},
    }


def never(*_: object, **__: object) -> None:
    raise AssertionError("this must not be asked")


def nested_provides() -> Suite:
    c1, c2, c3 = ({"id": f"c{n}", "name": f"Category {n}"} for n in (1, 2, 3))
    for category, sub in ((c1, c2), (c2, c3), (c3, c1)):
        category["subCategories"] = [sub]  # type: ignore[assignment]
    products = [{"id": "p1", "categories": [c1, c2]}, {"id": "p2", "categories": [c3, c2]}]
    return {
        "all-products": {"Query.products": products, "Product": products},
        "category": {"Query.products": products, "Product": products, "Category": never},
        "subcategories": {"Query.products": products, "Product": products, "Category": [c1, c2, c3]},
    }


def provides_on_interface() -> Suite:
    animals = [
        {"__typename": "Dog", "id": "a1", "name": "Fido", "age": 5},
        {"__typename": "Cat", "id": "a2", "name": "Whiskers", "age": 6},
    ]
    book = {"__typename": "Book", "id": "m1", "animals": animals}
    entities = {"Book": [book], "Dog": animals[:1], "Cat": animals[1:]}
    roots = {"Query.media": book, "Query.book": book}
    return {"a": roots | entities, "b": roots, "c": entities}
