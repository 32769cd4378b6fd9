"""Data behind the suites on interfaces, unions, interface objects and what intersects."""

from typing import Any

from tests.gateway.audit.corpus.keys import Suite


def abstract_types() -> Suite:
    mails = ("u1@example.com", "u2@example.com")
    users = [{"email": mail, "name": mail[:2], "totalProductsCreated": 2} for mail in mails]
    agency = {"__typename": "Agency", "id": "a1", "companyName": "Agency 1", "email": {"address": "a1@example.com"}}
    itself = {"__typename": "Self", "email": mails[0]}
    told = (("p1", "Book", 0.5, itself), ("p3", "Book", 0.6, agency), ("p2", "Magazine", 0.2, agency))
    products: list[dict[str, Any]] = [
        {
            "__typename": kind,
            "id": id_,
            "sku": f"sku-{id_[1:]}",
            "title": f"{kind} {index % 2 + 1}",
            "dimensions": {"size": "small", "weight": weight},
            "createdBy": users[index % 2],
            "hidden": False,
            "publisherType": publisher,
            "reviewsScore": 0.0,
        }
        for index, (id_, kind, weight, publisher) in enumerate((*told, ("p4", "Magazine", 0.3, itself)))
    ]
    pairs = {"p1": "p3", "p3": "p1", "p2": "p4", "p4": "p2"}
    by_id = {product["id"]: product for product in products}
    reviews = [{"id": n, "body": f"review {n}", "product": by_id[on]} for n, on in ((1, "p1"), (2, "p1"), (3, "p2"))]
    for product in products:
        product["similar"] = [by_id[pairs[product["id"]]]]
        product["reviews"] = [review for review in reviews if review["product"] is product]
        product["reviewsCount"] = len(product["reviews"])
    books, magazines = products[:2], products[2:]
    entities = {"Book": books, "Magazine": magazines}

    def delivery(product: Any, zip: str) -> Any:
        assert product["dimensions"]["size"] == "small"
        return {"estimatedDelivery": "1 day", "fastestDelivery": "same day"} if zip else None

    return {
        "agency": {"Agency": [agency], "Group": []},
        "books": entities | {"Query.books": books},
        "magazines": entities | {"Query.magazines": magazines},
        "inventory": entities | {"Book.delivery": delivery, "Magazine.delivery": delivery},
        "products": entities
        | {"Query.products": products, "Query.similar": lambda _, id: by_id[id]["similar"], "User": users},
        "reviews": entities | {"Query.review": lambda _, id: reviews[id - 1]},
        "users": {"User": users},
    }


def circular_reference_interface() -> Suite:
    one: dict[str, Any] = {"__typename": "Book", "id": "1", "price": 10.99}
    three = one | {"id": "3", "samePriceProduct": one}
    one["samePriceProduct"] = three
    return {"a": {"Query.product": one, "Book": [one, three]}, "b": {"Book": [one, three]}}


def enum_intersection() -> Suite:
    users = [{"id": "u1", "type": "REGULAR"}, {"id": "u2", "type": "ANONYMOUS"}]
    return {
        "a": {"Query.users": users, "User": users},
        "b": {
            "Query.usersB": users,
            "Query.usersByType": lambda _, type: [user for user in users if user["type"] == type],
            "User": users,
        },
    }


def interface_object_indirect_extension() -> Suite:
    video = {
        "__typename": "Video",
        "id": "1",
        "title": "title for 1",
        "duration": 100,
        "authorName": "John Doe",
    }
    return {
        "a": {"Query.media": video, "Media": [video], "Video": [video], "Article": []},
        "b": {"Query.author": {"id": "1", "name": "name for 1"}, "Video": [video]},
        "c": {"Query.playlist": {"id": "1", "name": "name for 1", "media": {"id": "1"}}, "Media": [video]},
    }


def partial_union() -> Suite:
    actions = [
        {"__typename": "Alpha", "id": "alpha-1", "value": "alpha value"},
        {"__typename": "Beta", "id": "beta-1", "name": "beta name", "details": "beta details"},
        {"__typename": "Gamma", "id": "gamma-1", "label": "gamma label"},
    ]
    return {"a": {"Query.getResponse": {"message": "Hello, Federation!", "actions": actions}}, "b": {}}


def simple_inaccessible() -> Suite:
    one, two = ({"id": id_, "age": 30, "type": "FAMILY"} for id_ in ("u1", "u2"))
    friends = {"u1": [two], "u2": [one]}
    return {
        "age": {"Query.usersInAge": [one, two], "User": [one, two]},
        "friends": {
            "Query.usersInFriends": [one, two],
            "User": [one, two],
            "User.friends": lambda user, type: friends[user["id"]] if type == "FAMILY" else [],
        },
    }


def simple_interface_object() -> Suite:
    users = [
        {"__typename": "User", "id": f"u{n}", "name": f"u{n}-name", "age": 11 * n, "username": f"u{n}-username"}
        for n in (1, 2)
    ]
    accounts = [
        {"__typename": kind, "id": f"u{n}", "name": name, "isMain": False}
        for n, kind, name in ((1, "Admin", "Alice"), (2, "Admin", "Bob"), (3, "Regular", "Charlie"))
    ]
    return {
        "a": {
            "Query.users": users,
            "NodeWithName": users,
            "User": users,
            "Account": accounts,
            "Admin": accounts[:2],
            "Admin.isActive": True,
            "Regular": accounts[2:],
        },
        "b": {"Query.anotherUsers": users, "Query.accounts": accounts, "Account": accounts, "NodeWithName": users},
        "c": {"Account": accounts, "Account.isActive": False},
    }


def typename() -> Suite:
    admins = [{"__typename": "Admin", "id": f"u{n}", "isMain": False, "name": f"u{n}-name"} for n in (1, 2)]
    return {
        "a": {
            "Query.union": {"__typename": "Oven", "id": "1"},
            "Query.interface": {"__typename": "Toaster", "id": "2"},
            "User": admins,
            "Admin": admins,
        },
        "b": {"Query.users": admins, "User": admins},
    }


def union_intersection() -> Suite:
    lord = "The Lord of the Rings"
    book = {"__typename": "Book", "id": "b", "title": lord, "aTitle": f"A: {lord}", "bTitle": f"B: {lord}"}
    song = {"__typename": "Song", "id": "s", "title": "Song Title", "aTitle": "A: Song Title"}
    movie = {"__typename": "Movie", "id": "m", "title": "A Movie Title", "bTitle": "B Movie Title"}
    kinds = {"media": book, "aMedia": book, "bMedia": movie, "book": book, "song": song}
    roots = {f"Query.{name}": value for name, value in kinds.items()} | {"Query.viewer": kinds}
    return {
        "a": roots | {"Book": [book], "Song": [song]},
        "b": roots | {"Book": [book], "Movie": [movie]},
    }
