"""Mutations: in series over subgraphs, each once, completed by entity calls."""

from typing import Any

from tests.gateway.audit.federation import Federation, federate


class Ledger:
    """What the subgraphs of one federation have been told to do."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = [{"id": "i1", "name": "First", "price": 5.0}]
        self.groups: list[dict[str, Any]] = []
        self.count = 0

    def add_item(self, _: Any, input: dict[str, Any]) -> Any:
        tags = input.pop("tags")
        self.items.append({"id": f"i{len(self.items) + 1}", **input, "name": " ".join([input["name"], *tags])})
        return self.items[-1]

    def add_group(self, _: Any, name: str) -> Any:
        self.groups.append({"id": f"g{len(self.groups) + 1}", "name": name})
        return self.groups[-1]

    def change(self, factor: int, term: int) -> int:
        self.count = self.count * factor + term
        return self.count

    def federation(self) -> Federation:
        return federate(
            "mutations",
            a={
                "Query.item": lambda _, id: next(item for item in self.items if item["id"] == id),
                "Mutation.addItem": self.add_item,
                "Mutation.addGroup": self.add_group,
                "Mutation.double": lambda _, by: self.change(by, 0),
                "Item": self.items,
                "Group": self.groups,
            },
            b={
                "Mutation.reset": lambda _: self.change(0, 0),
                "Mutation.addGroup": self.add_group,
                "Item": lambda sent: {"id": sent["id"], "stocked": True},
                "Item.dear": lambda item: item["price"] > 100,
                "Group": self.groups,
            },
            c={"Mutation.add": lambda _, num: self.change(1, num)},
        )


async def test_root_fields_run_one_after_the_other_over_subgraphs() -> None:
    federation = Ledger().federation()
    data = await federation.data("mutation { a: add(num: 5) b: double c: add(num: 2) d: double(by: 3) e: reset }")
    assert list(data.items()) == [("a", 5), ("b", 10), ("c", 12), ("d", 36), ("e", 0)]
    assert federation.calls == ["c", "a", "c", "a", "b"]


async def test_mutations_are_told_apart_from_reads() -> None:
    federation = Ledger().federation()
    await federation.data('mutation { addItem(input: { name: "New", price: 500 }) { name dear } }')
    assert [(fetch.subgraph, fetch.mutation) for fetch in federation.fetches] == [("a", True), ("b", False)]


async def test_the_result_is_completed_by_entity_calls() -> None:
    data = (
        await Ledger()
        .federation()
        .data(
            "mutation ($input: NewItem!) { addItem(input: $input) { id name price dear stocked __typename } }",
            {"input": {"name": "New", "price": 500.5}},
        )
    )
    item = {"id": "i2", "name": "New new", "price": 500.5, "dear": True, "stocked": True, "__typename": "Item"}
    assert data == {"addItem": item}


async def test_a_shared_mutation_runs_in_one_subgraph_once() -> None:
    ledger = Ledger()
    data = await ledger.federation().data('mutation { addGroup(name: "New") { id name } }')
    assert data == {"addGroup": {"id": "g1", "name": "New"}}
    assert len(ledger.groups) == 1


async def test_the_operation_that_is_not_named_does_not_run() -> None:
    ledger = Ledger()
    answer = await ledger.federation().ask("mutation one { add(num: 1) } query other { __typename }", name="other")
    assert answer == {"data": {"__typename": "Query"}}
    assert ledger.count == 0


async def test_a_non_null_mutation_that_fails_nulls_the_answer_after_all_ran() -> None:
    ledger = Ledger()
    federation = ledger.federation()
    federation.subgraphs["b"].fault = lambda _: b'{"errors": [{"message": "no"}]}'
    answer = await federation.ask("mutation { a: add(num: 1) reset b: add(num: 2) }")
    assert answer["data"] is None
    assert answer["errors"][0]["path"] == ["reset"]
    assert ledger.count == 3


async def test_a_typename_beside_mutations_needs_no_subgraph() -> None:
    federation = Ledger().federation()
    assert await federation.data("mutation { __typename add(num: 1) t: __typename }") == {
        "__typename": "Mutation",
        "add": 1,
        "t": "Mutation",
    }
    assert federation.calls == ["c"]
