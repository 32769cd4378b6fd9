"""The data folder: one system at a time, and never somebody else's files."""

import os
import socket
import stat
from pathlib import Path

import pytest

from liant.ports import PortTaken
from liant.system.folder import DataFolder, InUse, NotOurs, write_json
from liant.system.layout import Layout


def test_a_folder_is_held_by_one_system_at_a_time(tmp_path: Path) -> None:
    told = pytest.raises(InUse, match=f"is in use by process {os.getpid()}: stop it")
    with DataFolder(tmp_path / "data"), told, DataFolder(tmp_path / "data"):
        pass
    with DataFolder(tmp_path / "data"):
        pass


def test_a_folder_with_other_things_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(NotOurs), DataFolder(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_fresh_throws_everything_away_but_what_a_link_leads_to(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    with DataFolder(tmp_path / "data") as folder:
        before = folder.secret("postgres")
        (folder.path / "postgres").mkdir()
        (folder.path / "link").symlink_to(elsewhere)
        folder.empty()
        assert sorted(path.name for path in folder.path.iterdir()) == ["liant.json", "lock"]
        assert folder.secret("postgres") != before
    assert (elsewhere / "kept").exists()


def test_secrets_and_ports_stay_from_run_to_run(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        first = Layout.choose(folder)
    with DataFolder(tmp_path / "data") as folder:
        second = Layout.choose(folder)
    assert first.passwords == second.passwords
    assert first.ports["contacts-web"] != first.ports["deals-web"]


def test_two_systems_at_once_share_no_port(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "one") as one, DataFolder(tmp_path / "two") as two:
        ports = [*Layout.choose(one).ports.values(), *Layout.choose(two).ports.values()]
    assert len(set(ports)) == len(ports)


def test_the_port_asked_for_is_the_gateways(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        assert Layout.choose(folder, 4567).ports["gateway"] == 4567


def test_a_port_asked_for_that_is_taken_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, DataFolder(tmp_path / "data") as folder:
        port = server.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} is taken"):
            Layout.choose(folder, port)


def test_secrets_and_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data") as folder:
        Layout.choose(folder)
    secret = [*tmp_path.glob("data/*.json"), *tmp_path.glob("data/keys/*")]
    assert len(secret) >= 7
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ready.json"
    write_json(path, {"a": 1})
    before = path.stat().st_ino
    write_json(path, {"a": 2})
    assert path.stat().st_ino != before
    assert [each.name for each in tmp_path.iterdir()] == ["ready.json"]
