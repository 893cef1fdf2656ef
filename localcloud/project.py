"""The project, running: the cloud with its servers, its stand-ins and its store. What `make run` boots."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.core.ai.embedded import HashingEmbeddingModel
from infrastructure import machine_settings
from localcloud.access import let_in, let_in_from_slack
from localcloud.api_server import serve_api
from localcloud.clock_control import ClockControl
from localcloud.cloud import LocalCloud
from localcloud.doors.clock import ClockDoor
from localcloud.doors.faults import FaultsDoor
from localcloud.doors.mails import MailsDoor
from localcloud.doors.runs import RunsDoor
from localcloud.doors.slack import SlackDoor
from localcloud.errors import PortTakenError
from localcloud.gateway import serve_aws
from localcloud.local_doors import LocalDoor, LocalDoors
from localcloud.rights.recording import folder_of_recordings
from localcloud.standins import payments
from localcloud.standins.cameras import Cameras, serve_cameras
from localcloud.standins.carrier import Carrier, serve_carrier
from localcloud.standins.customers import serve_customers
from localcloud.standins.pinecone import API_KEY as PINECONE_KEY
from localcloud.standins.pinecone import PineconeService, serve_pinecone
from localcloud.standins.slack import BOT_TOKEN, SIGNING_SECRET, Workspace
from localcloud.standins.slack_api import serve_slack
from localcloud.standins.vehicles import VehiclePlatform, serve_vehicles
from localcloud.stepfunctions import RealTimeline, Timeline
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from localcloud.store import RunStore
from localcloud.template import load_template
from localcloud.web_server import require_free

Served = TypeVar("Served")

STAGE = "local"
ZENDESK_SECRET = "local-zendesk-secret"  # noqa: S105 - signs the webhook calls of demonstrations
KEPT_IN = ".localcloud"
"""Folder, in the project, of what a local run leaves behind."""


@dataclass(frozen=True, slots=True)
class _Standins:
    """Where the stand-ins are served."""

    carrier_url: str
    slack_url: str
    cameras_url: str
    stripe: payments.LocalStripe
    customers_url: str
    vehicles_url: str
    pinecone_url: str


class LocalProject:
    """Everything of one project on one machine."""

    def __init__(
        self,
        project_dir: Path,
        *,
        aws_port: int = 4566,
        api_port: int = 8000,
        timeline: Timeline | None = None,
        seed: int = 1,
        requests_per_minute: int = 6_000,
        kept_in: Path | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        """Ports 0 take free ones.

        Args:
            project_dir: the project's folder.
            aws_port: of the AWS API; the stand-ins take those after it.
            api_port: of the API.
            timeline: the clock; real time unless given.
            seed: decides how calls end.
            requests_per_minute: what a token's holder may ask; more than elsewhere, as it is one person's laptop.
            kept_in: folder of what the run leaves behind; ``.localcloud`` in the project unless given.
            parameters: of the template, beside the stand-ins' addresses.
        """
        self.project_dir = project_dir
        self.kept_in = kept_in or project_dir / KEPT_IN
        self.timeline = timeline or RealTimeline()
        self.boot_seconds: dict[str, float] = {}
        self.api_url = ""
        self.token = ""
        """Of the person at this laptop; kept in the folder, so that it is the same after the next boot."""
        self._aws_port, self._api_port, self._seed = aws_port, api_port, seed
        self._requests_per_minute = requests_per_minute
        self._parameters = dict(parameters or {})
        self.faults = Faults()
        """What is planned to go wrong; nothing, unless somebody at the laptop asks for it."""
        self._stack = ExitStack()

    def open(self) -> None:
        """Boot.

        Raises:
            LocalCloudError: with one line for people.
        """
        started = time.monotonic()
        with ExitStack() as stack:
            self._boot(stack)
            self._stack = stack.pop_all()
        self.boot_seconds["all"] = time.monotonic() - started

    def _boot(self, stack: ExitStack) -> None:
        stack.enter_context(machine_settings.set_aside())
        started = time.monotonic()
        template = load_template(self.project_dir, STAGE, self.kept_in)
        self.boot_seconds["template"] = time.monotonic() - started

        started = time.monotonic()
        self.store = RunStore(self.kept_in / "runs.sqlite")
        stack.callback(self.store.close)
        standins = self._serve_standins(stack)
        self.boot_seconds["stand-ins"] = time.monotonic() - started

        self.cloud = self._cloud(template, standins)
        # The ports come first: a second local cloud must find them taken before it boots, and before it calls the
        # runs of the first one ended.
        require_free(self._api_port, what="the API", option="--api-port")
        clock = ClockControl(self.timeline) if isinstance(self.timeline, RealTimeline) else None
        aws = serve_aws(self.cloud.router, self._aws_port, clock)
        stack.callback(aws.stop)
        self.store.begin()
        self.aws_url = aws.url
        self.cloud.use_endpoint(aws.url)
        self.cloud.open()
        stack.callback(self.cloud.close)
        self.boot_seconds |= self.cloud.boot_seconds

        started = time.monotonic()
        if (function := self._api_function()) is not None:
            api = serve_api(self.cloud.functions, function, self.project_dir, STAGE, self._api_port, self._doors())
            stack.callback(api.stop)
            self.api_url = api.url
            standins.stripe.send_events_to(f"{api.url}/payments/webhook")
            self.slack.app_url = api.url
            let_in_from_slack(self.cloud.client("dynamodb"))
            self.token = let_in(self.cloud.client("dynamodb"), self.kept_in / "token", self.timeline.now())
        self.boot_seconds["API"] = time.monotonic() - started
        # What is there now stays: full collections that walk botocore's models would stop everything for 0.1 s.
        gc.freeze()
        stack.callback(gc.unfreeze)

    def _serve_standins(self, stack: ExitStack) -> _Standins:
        """Serve what is not AWS: carrier, Slack, payments and the other systems of the desks."""
        self.carrier = Carrier(self.timeline, self._publish, seed=self._seed)
        carrier = self._serve_near(2, lambda port: serve_carrier(self.carrier, port))
        stack.callback(carrier.stop)
        self.slack = Workspace(self.timeline.now)
        slack = self._serve_near(1, lambda port: serve_slack(self.slack, port))
        stack.callback(slack.stop)
        self.cameras = Cameras()
        cameras = self._serve_near(6, lambda port: serve_cameras(self.cameras, port))
        stack.callback(cameras.stop)
        self.slack_url, self.carrier_url = slack.url, carrier.url
        stripe_log = self.kept_in / "localstripe.log"
        stripe = self._serve_near(3, lambda port: payments.serve_stripe(port, stripe_log))
        stack.callback(stripe.stop)
        customers = self._serve_near(4, serve_customers)
        stack.callback(customers.stop)
        vehicles = self._serve_near(5, lambda port: serve_vehicles(VehiclePlatform(), port))
        stack.callback(vehicles.stop)
        self.pinecone = PineconeService(HashingEmbeddingModel.dimension)
        pinecone = self._serve_near(7, lambda port: serve_pinecone(self.pinecone, port))
        stack.callback(pinecone.stop)
        return _Standins(carrier.url, slack.url, cameras.url, stripe, customers.url, vehicles.url, pinecone.url)

    def _cloud(self, template: dict[str, Any], standins: _Standins) -> LocalCloud:
        """Return the cloud that knows the stand-ins' addresses, not open yet."""
        return LocalCloud(
            template,
            self.project_dir,
            timeline=self.timeline,
            stack=f"signalbox-{STAGE}",
            parameters={
                "CarrierUrl": standins.carrier_url,
                "CustomerRegistryUrl": standins.customers_url,
                "VehiclePlatformUrl": standins.vehicles_url,
                "VideoUrl": standins.cameras_url,
                "RequestsPerMinute": str(self._requests_per_minute),
                **self._parameters,
            },
            environment={
                "CARRIER_URL": standins.carrier_url,
                "SLACK_API_URL": f"{standins.slack_url}/api/",
                "STRIPE_API_URL": standins.stripe.url,
            },
            secrets={
                "slack": {"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET},
                "stripe": {"api_key": payments.API_KEY, "webhook_secret": payments.WEBHOOK_SECRET},
                "zendesk": {"signing_secret": ZENDESK_SECRET},
                "pinecone": {"host": standins.pinecone_url, "api_key": PINECONE_KEY},
            },
            faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.cloud.engine),
            store=self.store,
            recordings=folder_of_recordings(),
        )

    def close(self) -> None:
        """Stop everything and write what is not written."""
        self._stack.close()

    def __enter__(self) -> LocalProject:
        self.open()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _serve_near(self, distance: int, serve: Callable[[int], Served]) -> Served:
        """Serve a stand-in beside the AWS API, where `chalice local` expects it, or anywhere if that is taken."""
        try:
            return serve(self._aws_port + distance if self._aws_port else 0)
        except PortTakenError:
            return serve(0)

    def _publish(self, source: str, detail_type: str, detail: dict[str, object]) -> None:
        self.cloud.triggers.publish(source, detail_type, detail)

    def _doors(self) -> LocalDoors:
        """Return what the console can do on a laptop only."""
        doors: dict[str, LocalDoor] = {
            "runs": RunsDoor(self.cloud.engine),
            "slack": SlackDoor(self.slack, self.slack_url),
            "mails": MailsDoor(self.cloud.triggers.mailbox),
            "faults": FaultsDoor(self.cloud.engine, self.faults),
        }
        if isinstance(self.timeline, RealTimeline):
            doors["clock"] = ClockDoor(ClockControl(self.timeline))
        return LocalDoors(doors)

    def _api_function(self) -> str | None:
        """Return the name of the function Chalice makes for the routes, None when there is no route."""
        found = [one.name for one in self.cloud.functions if one.logical_id == "APIHandler"]
        return found[0] if found else None
