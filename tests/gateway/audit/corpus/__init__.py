"""The public audit's own supergraphs and queries, where `shared/corpus/federation` is there; the data is ours."""
