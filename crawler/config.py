"""broadtape.toml, the environment and the command line, as one frozen `Config`.

Nearest wins: an option, then `BROADTAPE_<KEY>`, then the file, then the default.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from crawler import __version__
from crawler.durations import Duration
from crawler.validation import remedy
from pipelines.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FILE = Path("broadtape.toml")
SHIPPED = "shipped"


def _listed(value: object) -> object:
    """Let an environment variable give a list, separated by commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


Listed = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Retention(_Strict):
    """How long what is kept; identities are kept for ever."""

    text: Duration = 5 * 31_557_600.0
    polls: Duration = 90 * 86_400.0


class Config(_Strict):
    """Every setting a user may write. Durations are in seconds once read."""

    database: Path = Path("data/broadtape.db")
    sources: Listed = (SHIPPED,)
    contact: str | None = None
    symbols: Path | None = None
    rsshub: str | None = None
    allow_hosts: Listed = ()
    delay: float = Field(1.0, ge=0, allow_inf_nan=False)
    host_concurrency: int = Field(2, ge=1)
    min_interval: Duration = 300.0
    max_interval: Duration = 86_400.0
    workers: int | None = Field(None, ge=1)
    page_timeout: Duration = 30.0
    extract_timeout: Duration = 20.0
    max_body: int = Field(15 * 1024 * 1024, gt=0)
    busy_timeout: Duration = 30.0
    retention: Retention = Retention()

    @field_validator("max_interval")
    @classmethod
    def _is_not_under_the_least(cls, seconds: float, others: ValidationInfo) -> float:
        if seconds < (least := others.data.get("min_interval", 0.0)):
            raise ValueError(f"write no less than min_interval, which is {least:g} s")
        return seconds

    @property
    def user_agent(self) -> str:
        """The name publishers see, with a contact where one is configured."""
        about = f"; {self.contact}" if self.contact else ""
        return f"Broadtape/{__version__} (finance news record{about})"

    @property
    def worker_count(self) -> int:
        """Extraction processes: as configured, else one per core."""
        return self.workers or os.cpu_count() or 1


def load_config(
    path: Path | None,
    environment: Mapping[str, str],
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """Read the configuration; relative paths in the file are relative to the file.

    Args:
        path: the file named by the user, or None for broadtape.toml if it is there.
        environment: usually `os.environ`.
        overrides: options given on the command line; None values are passed over.

    Raises:
        ConfigError: in one line, naming the file and the key.
    """
    written, set_outside = _from_file(path), _from_environment(environment)
    options = {key: value for key, value in (overrides or {}).items() if value is not None}
    try:
        return Config.model_validate(written | set_outside | options)
    except ValidationError as error:
        origins = dict.fromkeys(written, str(path or DEFAULT_FILE))
        origins |= {key: _variable(key) for key in set_outside}
        raise _explained(error, origins) from error


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None and not DEFAULT_FILE.is_file():
        return {}
    file = path or DEFAULT_FILE
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"no configuration file {file}", "check --config") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {file} ({error})", "check the file") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML ({error})", "mend that line") from error
    if isinstance(values.get("sources"), list):
        values["sources"] = [_beside(file, source) for source in values["sources"]]
    for key in ("database", "symbols"):
        if key in values:
            values[key] = _beside(file, values[key])
    return values


def _beside(file: Path, name: object) -> object:
    """The path of a file that is named in `file`; what is no name, for the model to refuse."""
    return str(file.parent / name) if isinstance(name, str) and name != SHIPPED else name


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        key: environment[_variable(key)]
        for key in Config.model_fields
        if key != "retention" and _variable(key) in environment
    }


def _variable(key: str) -> str:
    return f"BROADTAPE_{key.upper()}"


def _explained(error: ValidationError, origins: Mapping[str, str]) -> ConfigError:
    """One line for the first thing wrong; `origins` says where each key was written."""
    first = error.errors()[0]
    names = [str(step) for step in first["loc"] if isinstance(step, str)]
    where, key = origins[names[0]], ".".join(names)
    if first["type"] == "extra_forbidden":
        of_table = Retention if len(names) > 1 else Config
        known = ", ".join(of_table.model_fields)
        return ConfigError(f"{where}: unknown key {key!r}", f"known keys are {known}")
    written = where if where == _variable(key) else f"{where}: {key}"
    return ConfigError(f"{written} = {first['input']!r}", remedy(first))
