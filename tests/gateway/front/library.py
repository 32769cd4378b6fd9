"""Two subgraphs to federate, real ones: books and their reviews, on strawberry."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.asgi import GraphQL
from strawberry.types import Info as StrawberryInfo


@dataclass
class Shelf:
    """What the subgraphs hold, and what they saw."""

    titles: dict[str, str] = field(default_factory=lambda: {"1": "Candide", "2": "Germinal", "3": "Nana"})
    added: list[asyncio.Queue[str]] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)


Info = StrawberryInfo[dict[str, Any], None]


def shelf_of(info: Info) -> Shelf:
    shelf: Shelf = info.context["shelf"]
    return shelf


@strawberry.federation.type(keys=["id"])
class Book:
    id: strawberry.ID

    @strawberry.field
    def title(self, info: Info) -> str:
        return shelf_of(info).titles[self.id]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID, info: Info) -> "Book | None":
        shelf = shelf_of(info)
        return Book(id=id) if id in shelf.titles and id not in shelf.hidden else None


@strawberry.type
class BooksQuery:
    @strawberry.field
    def books(self, info: Info, first: int | None = None) -> list[Book]:
        return [Book(id=strawberry.ID(key)) for key in list(shelf_of(info).titles)[:first]]

    @strawberry.field
    def book(self, info: Info, id: strawberry.ID) -> Book | None:
        return Book(id=id) if id in shelf_of(info).titles else None

    @strawberry.field
    def whoami(self, info: Info) -> str | None:
        value: str | None = info.context["headers"].get("authorization")
        return value

    @strawberry.field
    async def slow(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"


@strawberry.type
class BooksMutation:
    @strawberry.mutation
    async def add_book(self, info: Info, title: str) -> Book:
        shelf = shelf_of(info)
        key = str(len(shelf.titles) + 1)
        shelf.titles[key] = title
        for queue in shelf.added:
            queue.put_nowait(key)
        return Book(id=strawberry.ID(key))


@strawberry.type
class BooksSubscription:
    @strawberry.subscription
    async def book_added(self, info: Info) -> AsyncGenerator[Book | None, None]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        shelf_of(info).added.append(queue)
        try:
            while True:
                yield Book(id=strawberry.ID(await queue.get()))
        finally:
            shelf_of(info).added.remove(queue)

    @strawberry.subscription
    async def countdown(self, start: int) -> AsyncGenerator[int, None]:
        for number in range(start, 0, -1):
            yield number


@strawberry.federation.type(keys=["id"], name="Book")
class ReviewedBook:
    id: strawberry.ID

    @strawberry.field
    def reviews(self) -> list["Review"]:
        return [Review(stars=int(self.id) % 5 + 1, book=self)]

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "ReviewedBook":
        return ReviewedBook(id=id)


@strawberry.type
class Review:
    stars: int
    book: ReviewedBook


@strawberry.type
class ReviewsQuery:
    @strawberry.field
    def latest_reviews(self) -> list[Review]:
        return [Review(stars=5, book=ReviewedBook(id=strawberry.ID("1")))]


class Subgraph(GraphQL[dict[str, Any], None]):
    """A subgraph's ASGI application."""

    def __init__(self, schema: strawberry.federation.Schema, shelf: Shelf) -> None:
        super().__init__(schema)
        self._shelf = shelf

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:
        headers = dict(request.headers)
        self._shelf.seen.append(headers)
        return {"shelf": self._shelf, "headers": headers}


BOOKS = strawberry.federation.Schema(BooksQuery, BooksMutation, BooksSubscription, types=[Book])
REVIEWS = strawberry.federation.Schema(ReviewsQuery, types=[ReviewedBook])
