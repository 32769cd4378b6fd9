"""Data behind the suites on `@requires`, conditions and mutations."""

from collections import Counter, defaultdict
from typing import Any

from tests.gateway.audit.corpus.keys import Suite, never


def requires_circular() -> Suite:
    authors = [{"id": "a1", "name": "One", "yearsOfExperience": 1}, {"id": "a2", "name": "Two", "yearsOfExperience": 9}]
    posts = [{"id": "p1", "author": authors[0]}, {"id": "p2", "author": authors[1]}]
    return {
        "a": {
            "Query.feed": posts,
            "Post": posts,
            "Author": authors,
            "Post.byExpert": lambda post: not post["byNovice"],
        },
        "b": {
            "Post": posts,
            "Author": authors,
            "Post.byNovice": lambda post: post["author"]["yearsOfExperience"] < 5,
        },
    }


def requires_interface() -> Suite:
    home = {"__typename": "HomeAddress", "id": "a1", "city": "a1-city"}
    work = {"__typename": "WorkAddress", "id": "a2", "city": "a2-city"}
    users = [{"id": "u1", "name": "One", "address": home}, {"id": "u2", "name": "Two", "address": work}]
    entities = {"HomeAddress": [home], "WorkAddress": [work], "User": users}
    return {
        "a": entities
        | {
            "Query.a": users[0],
            "User.city": lambda user: f"{user['address']['id']}-city",
            "User.country": lambda user: f"{user['address']['id']}-country" if "id" in user["address"] else None,
        },
        "b": entities | {"Query.b": users[1], "SecondAddress": []},
    }


def requires_with_argument() -> Suite:
    products = [
        {"upc": f"p{n}", "name": f"p-name-{n}", "weight": n, "usd": 11 * n, "category": {"average": 11 * n}}
        for n in (1, 2)
    ]
    authors = {"c1": "a1", "c2": "a2", "c3": "a2", "c4": "a1", "c5": "a1", "c6": "a2"}
    comments = [{"id": key, "authorId": author, "body": "", "date": ""} for key, author in authors.items()]
    posts = [{"id": "p1", "all": comments[:3]}, {"id": "p2", "all": comments[3:]}]

    def author(post: Any) -> Any:
        wrote = [comment["authorId"] for comment in post["comments"]]
        assert len(wrote) == 3
        return {"id": Counter(wrote).most_common(1)[0][0], "name": "Somebody"}

    def usd(amount: int, currency: str) -> int:
        assert currency == "USD"
        return amount

    return {
        "a": {
            "Product": [{"upc": product["upc"]} for product in products],
            "Product.shippingEstimate": lambda product: product["price"] * product["weight"] * 10,
            "Product.isExpensiveCategory": lambda product: product["category"]["averagePrice"] > 11,
        },
        "b": {
            "Query.products": products,
            "Product": products,
            "Product.price": lambda product, currency: usd(product["usd"], currency),
            "Category.averagePrice": lambda category, currency: usd(category["average"], currency),
        },
        "c": {"Query.feed": [{"id": post["id"]} for post in posts], "Post": posts, "Comment": comments},
        "d": {
            "Post": posts,
            "Comment": comments,
            "Post.author": author,
            "Post.comments": lambda post, limit: post["all"][:limit],
        },
    }


def include_skip() -> Suite:
    product = {"id": "p1", "price": 699.99}
    return {
        "a": {"Query.product": product, "Product": [product]},
        "b": {"Product": [product], "Product.isExpensive": lambda product: product["price"] > 500},
        "c": {
            "Product": [product],
            "Product.include": lambda product: product["isExpensive"],
            "Product.skip": lambda product: product["isExpensive"],
            "Product.neverCalledInclude": never,
            "Product.neverCalledSkip": never,
        },
    }


def mutations() -> Suite:
    products = [{"id": "p1", "name": "p1-name", "price": 9.99}]
    counters: defaultdict[str, list[int]] = defaultdict(lambda: [0])
    categories: list[dict[str, Any]] = []

    def add_product(_: Any, input: dict[str, Any]) -> Any:
        products.append({"id": f"p{len(products) + 1}", **input})
        return products[-1]

    def add_category(_: Any, name: str, requestId: str) -> Any:
        categories.append({"id": f"c-added-{requestId}", "name": name})
        assert len(categories) == 1
        return categories[-1]

    def change(requestId: str, by: int = 1, num: int = 0) -> int:
        counters[requestId][0] = counters[requestId][0] * by + num
        return counters[requestId][0]

    return {
        "a": {
            "Query.product": lambda _, id: next(product for product in products if product["id"] == id),
            "Query.products": products,
            "Product": products,
            "Category": categories,
            "Mutation.addProduct": add_product,
            "Mutation.addCategory": add_category,
            "Mutation.multiply": lambda _, by, requestId: change(requestId, by=by),
        },
        "b": {
            "Product": lambda sent: {"id": sent["id"]},
            "Product.isExpensive": lambda product: product["price"] > 100,
            "Product.isAvailable": True,
            "Category": categories,
            "Mutation.delete": lambda _, requestId: counters.pop(requestId)[0],
            "Mutation.addCategory": add_category,
        },
        "c": {"Mutation.add": lambda _, num, requestId: change(requestId, num=num)},
    }
