"""One search over contacts and accounts."""

import asyncio
from enum import StrEnum
from typing import Annotated

import strawberry

from chassis.graphql.connections import After, First, PageInfo, Paging
from chassis.graphql.context import Info
from chassis.graphql.enums import described
from services.contacts.schema.accounts import Account
from services.contacts.schema.contacts import Contact
from services.contacts.schema.rules import reading
from services.contacts.search.queries import MOST, Place, found, stems
from services.contacts.search.wanted import wanted, words_of

SearchResult = Annotated[Contact | Account, strawberry.union("SearchResult", description="What a search finds.")]
_TEXT = strawberry.argument(
    description="Words in any order, of a name (their beginnings and initials, too) or of what surrounds it: company,"
    " job title, city, notes; an e-mail address or domain; part of a number."
)
_KINDS = strawberry.argument(description="Which kinds to find; all without it.")


class SearchKind(StrEnum):
    """The kinds of search documents."""

    CONTACT = "CONTACT"
    ACCOUNT = "ACCOUNT"


described(SearchKind, "What a search can find.", CONTACT="Natural persons.", ACCOUNT="Companies.")


@strawberry.type(description="One thing found.")
class SearchEdge:
    """See SearchConnection."""

    node: SearchResult = strawberry.field(description="The contact or account.")
    cursor: str = strawberry.field(description="Opaque; give it back as `after`.")


@strawberry.type(description="A page of what was found, best first; at most 1000 in all.")
class SearchConnection:
    """See search.queries.found."""

    edges: list[SearchEdge] = strawberry.field(description="What was found, in order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies.")
    near: bool = strawberry.field(description="Whether nothing has these words, and these have words like them.")


@strawberry.type
class SearchQueries:
    """Fields of Query."""

    @strawberry.field(description="Contacts and accounts by what one remembers of them.", extensions=reading())
    async def search(
        self,
        info: Info,
        text: Annotated[str, _TEXT],
        first: First = None,
        after: After = None,
        kinds: Annotated[list[SearchKind] | None, _KINDS] = None,
    ) -> SearchConnection:
        """Accents, case, name order and one mistake in a word do not matter."""
        limit = Paging.parse(first, None, None, None).limit
        asked = [kind.value for kind in kinds or list(SearchKind)]
        read, place = info.context.read, Place.parse(after)
        asked_for = wanted(text, await stems(read, words_of(text)))
        place, rows = await found(read, asked_for, asked, place, limit + 1)
        types: dict[str, type[Contact | Account]] = {"CONTACT": Contact, "ACCOUNT": Account}
        nodes = await asyncio.gather(*(types[row.kind].load(info, row.id) for row in rows[:limit]))
        edges = [
            SearchEdge(node=node, cursor=Place(place.near, place.skip + count).shown())
            for count, node in enumerate(nodes, 1)
            if node is not None
        ]
        return SearchConnection(edges=edges, page_info=_page_info(edges, place, len(rows) > limit), near=place.near)


def _page_info(edges: list[SearchEdge], place: Place, more: bool) -> PageInfo:
    return PageInfo(
        has_next_page=more and place.skip + len(edges) < MOST,
        has_previous_page=place.skip > 0,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
