"""The port of demonstrations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud.cloud import LocalCloud
from localcloud.demos.http_calls import call_json
from localcloud.standins.carrier import Carrier
from localcloud.standins.slack import Workspace

if TYPE_CHECKING:
    from localcloud.project import LocalProject


@dataclass(frozen=True, slots=True)
class Bench:
    """What a demonstration works with. It uses the API over HTTP, as a user would."""

    api_url: str
    cloud: LocalCloud
    carrier: Carrier
    slack: Workspace
    kept_in: Path
    """Folder for what the demonstration leaves to look at."""
    token: str = ""
    """The bearer token of the person at this laptop, who may do everything."""

    @classmethod
    def of(cls, project: LocalProject) -> Bench:
        """Return the bench of a booted project."""
        parts = project.cloud, project.carrier, project.slack, project.kept_in, project.token
        return cls(project.api_url, *parts)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the API: JSON in, JSON out.

        Raises:
            ApiCallError: the answer's status is 400 or above.
        """
        return call_json(method, self.api_url + path, body, {"Authorization": f"Bearer {self.token}"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a demonstration ended."""

    ok: bool
    """It ended as it should."""
    result: str
    """In a few words, with the figures that matter; what is wrong when it is not ok."""
    where: str
    """What to open to see more: a path or an address."""


class Demo:
    """One workflow, shown once."""

    machine: str
    """The state machine's name."""
    scenario: str = ""
    """What happens, in a few words, where a machine is shown more than once: "a panic button"."""

    @property
    def title(self) -> str:
        """The machine and the scenario."""
        return f"{self.machine}: {self.scenario}" if self.scenario else self.machine

    def start(self, bench: Bench) -> str:
        """Load the sample data, start the workflow and return the execution's ARN.

        Raises:
            LocalCloudError: it could not be started; the message says why.
        """
        raise NotImplementedError

    def progress(self, bench: Bench) -> tuple[float, str]:
        """Return how far it is (0 to 1) and in what words."""
        raise NotImplementedError

    def execution_arn(self, bench: Bench, started: str) -> str:
        """Return the execution to look at now, where a workflow goes on in a successor."""
        del bench
        return started

    def verdict(self, bench: Bench) -> Verdict:
        """Judge the end."""
        raise NotImplementedError
