"""broadtape.toml and the environment as users write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.config import load_config
from pipelines.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "mine.toml"


def write(file: Path, text: str) -> Path:
    file.parent.mkdir()
    file.write_bytes(text.encode())
    return file


def test_the_nearest_setting_wins(file: Path, tmp_path: Path) -> None:
    write(file, 'delay = 3\nworkers = 4\ndatabase = "news.db"\n')
    environment = {"BROADTAPE_DELAY": "2.5", "BROADTAPE_DATABASE": "other.db"}
    config = load_config(file, environment, {"database": tmp_path / "option.db", "contact": None})
    assert (config.delay, config.workers) == (2.5, 4)
    assert config.database == tmp_path / "option.db"


def test_paths_are_relative_to_the_file_that_names_them(file: Path) -> None:
    write(file, 'database = "a.db"\nsources = ["shipped", "b.toml"]\nsymbols = "c.csv"\n')
    config = load_config(file, {})
    assert config.database == file.parent / "a.db"
    assert config.sources == ("shipped", str(file.parent / "b.toml"))
    assert config.symbols == file.parent / "c.csv"


def test_a_list_in_the_environment_has_commas(file: Path) -> None:
    write(file, 'sources = ["a.toml"]')
    config = load_config(file, {"BROADTAPE_SOURCES": "shipped, b.toml"})
    assert config.sources == ("shipped", "b.toml")


def test_a_byte_order_mark_is_no_part_of_the_first_key(file: Path) -> None:
    write(file, '\ufeffcontact = "desk@example.org"\n')
    assert load_config(file, {}).contact == "desk@example.org"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delay = 'x'", "delay = 'x': write a number"),
        ("delay = -1", "delay = -1: write at least 0"),
        ("delay = inf", "delay = inf: write a number"),
        ("workers = 1.5", "workers = 1.5: write a whole number"),
        ("page_timeout = 'soon'", "write a duration such as 30s"),
        ("page_timeout = 0", "page_timeout = 0: write more than 0"),
        ("contact = 1", "contact = 1: write text in quotes"),
        ("database = 1", "database = 1: write text in quotes"),
        ("sources = [1]", "sources = 1: write text in quotes"),
        ("sources = 1", "sources = 1: write a list in brackets"),
        ("retention = 1", "retention = 1: write a table"),
        ("colour = 1", "unknown key 'colour': known keys are database, sources"),
        ("[retention]\ntxt = 1", "unknown key 'retention.txt': known keys are text, polls"),
        ("[retention]\ntext = true", "retention.text = True: write a duration"),
        ("max_interval = '1m'", "max_interval = '1m': write no less than min_interval"),
        ("= 1", "not valid TOML (Invalid statement (at line 1, column 1))"),
    ],
)
def test_a_wrong_setting_is_one_line_with_the_remedy(file: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        load_config(write(file, text), {})
    line = str(wrong.value)
    assert line.startswith(str(file))
    assert said in line
    assert "\n" not in line


def test_a_wrong_variable_is_named_not_the_file(file: Path) -> None:
    write(file, "workers = 2")
    with pytest.raises(ConfigError) as wrong:
        load_config(file, {"BROADTAPE_DELAY": "slow"})
    assert str(wrong.value) == "BROADTAPE_DELAY = 'slow': write a number"


def test_a_file_that_was_named_must_be_there(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"no configuration file .*mine\.toml"):
        load_config(file, {})
