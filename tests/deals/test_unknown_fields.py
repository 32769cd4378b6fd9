"""A condition on a field of deals that there is not is refused wherever it can be told."""

from services.deals.schema import build_schema
from tests.deals.house import Office
from tests.support.schemas import reaching

LISTS = {"deals", "alerts", "messages", "quotes", "quoteRequests", "contracts", "invoices"}
FIGURES = {"board", "forecast", "dealAggregate", "quoteSums", "invoiceSums"}


async def test_every_query_refuses_a_field_that_there_is_not(office: Office) -> None:
    asked = list(reaching(build_schema(), "CustomFieldCondition", {"key": "rang", "text": {"eq": "1"}}))
    assert {name for name, *_ in asked} >= LISTS | FIGURES
    told = await office.data("{ pipelines { id } }")
    for name, query, variables in asked:
        own = {"pipelineId": told["pipelines"][0]["id"]} if "pipelineId" in variables else {}
        answer = await office.ask(query, **{**variables, **own})
        [error] = answer.get("errors") or [{"message": "nothing was refused", "extensions": {}}]
        assert error["extensions"].get("code") == "INVALID_INPUT", (name, variables, error)
        assert error["message"].startswith("Your organization has no field 'rang'"), (name, error)
