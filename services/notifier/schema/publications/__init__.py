"""Publications: what authors write, and what readers and their organizations see of it."""

from services.notifier.schema.publications.feed import FeedQueries
from services.notifier.schema.publications.queries import PublicationQueries
from services.notifier.schema.publications.reading import ReaderMutations
from services.notifier.schema.publications.writing import AuthorMutations

__all__ = ["AuthorMutations", "FeedQueries", "PublicationQueries", "ReaderMutations"]
