"""`liant import`: what it says of a file, and what it makes of the command line."""

from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from liant.cli import app
from liant.commands.import_file import ImportRefused, chosen, columns_table, people_table, problem_line

COLUMNS = [
    {"position": 0, "heading": "Nom", "target": "FAMILY_NAME", "kind": "OTHER"},
    {"position": 1, "heading": "Tel=2", "target": "DETAIL", "kind": "MOBILE"},
]


def shown(table: object) -> str:
    console = Console(width=120, record=True)
    console.print(table)
    return console.export_text()


def test_the_proposal_is_kept_unless_it_is_changed() -> None:
    assert chosen(COLUMNS, []) is None
    assert chosen(COLUMNS, ["Tel=2=phone"]) == [
        {"position": 0, "target": "FAMILY_NAME", "kind": "OTHER"},
        {"position": 1, "target": "PHONE", "kind": "MOBILE"},
    ]
    with pytest.raises(ImportRefused, match="no column 'Prénom'; it has: Nom, Tel=2"):
        chosen(COLUMNS, ["Prénom=GIVEN_NAME"])


def test_the_mapping_that_will_run_is_shown() -> None:
    assert "phone (mobile)" in shown(columns_table(COLUMNS, chosen(COLUMNS, ["Tel=2=PHONE"])))


def test_a_name_cannot_draw_on_the_terminal() -> None:
    person = {
        "line": 2,
        "name": "[bold]Zoé[/]",
        "company": None,
        "emails": [],
        "phones": [],
        "problems": [{"message": "Trop long"}],
    }
    assert "[bold]Zoé[/]" in shown(people_table([person]))


def test_a_problem_is_one_line() -> None:
    told = {"line": 3, "field": "nom", "message": "Trop long.", "excerpt": "xxx"}
    assert problem_line(told) == "line 3: Trop long. (nom: xxx)"
    assert problem_line({**told, "field": "", "excerpt": ""}) == "line 3: Trop long."


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["import", str(tmp_path / "carnet.vcf"), "--data", str(tmp_path)])
    assert isinstance(result.exception, ImportRefused)
