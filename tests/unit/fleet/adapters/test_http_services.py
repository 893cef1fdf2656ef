"""The registry, the vehicle platform and the cameras over HTTP, against stand-ins and against bad answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.fleet.adapters.http_customers import HttpCustomerRegistry
from chalicelib.fleet.adapters.http_json import ask
from chalicelib.fleet.adapters.http_vehicles import HttpVehiclePlatform
from chalicelib.fleet.adapters.http_video_recorder import HttpVideoRecorder
from chalicelib.fleet.errors.contracts import CustomerRegistryError, VehiclePlatformError
from chalicelib.fleet.errors.incidents import VideoUnavailableError
from chalicelib.fleet.ports.vehicles import Unit
from localcloud.standins.cameras import Cameras, serve_cameras
from localcloud.standins.customers import DECLINED_CARD, serve_customers
from localcloud.standins.vehicles import VehiclePlatform, serve_vehicles
from localcloud.web_server import QuietHandler, Serving, serve

UNITS = [Unit(1, "ABC-123"), Unit(2, None), Unit(3, "XXX-999")]


@pytest.fixture(scope="module")
def registry() -> Iterator[HttpCustomerRegistry]:
    server = serve_customers()
    yield HttpCustomerRegistry(server.url)
    server.stop()


@pytest.fixture
def platform() -> Iterator[HttpVehiclePlatform]:
    server = serve_vehicles(VehiclePlatform())
    yield HttpVehiclePlatform(server.url)
    server.stop()


def test_customers_are_found_or_not(registry: HttpCustomerRegistry) -> None:
    found = registry.look_up("CUST-DECLINED", "900123456-8")
    assert found is not None
    assert (found.status, found.score, found.payment_method_id) == ("active", 71, DECLINED_CARD)
    assert registry.look_up("CUST/../?x", None) is None


def test_vehicles_go_on_once_and_off_for_good(platform: HttpVehiclePlatform) -> None:
    for _ in range(2):
        assert platform.activate("CONT-1", UNITS) == {1: None, 2: None, 3: "the plate is not registered"}
    platform.deactivate("CONT-1")
    platform.deactivate("CONT-1")
    assert all(platform.activate("CONT-1", UNITS).values())


def test_a_camera_records_an_incident_once() -> None:
    cameras = Cameras()
    server = serve_cameras(cameras)
    recorder = HttpVideoRecorder(server.url)
    try:
        first = recorder.start("VEH/1 ?", "INC-1")
        assert recorder.start("VEH/1 ?", "INC-1") == first != recorder.start("VEH/1 ?", "INC-2")
        with pytest.raises(VideoUnavailableError, match="404"):
            HttpVideoRecorder(f"{server.url}/elsewhere").start("VEH-1", "INC-1")
        assert [
            ask(method, f"{server.url}{path}", timeout_seconds=5, failure=VideoUnavailableError)[0]
            for method, path in (("GET", "/recordings"), ("DELETE", "/recordings"))
        ] == [200, 404]
    finally:
        server.stop()
    assert [(one["vehicleId"], one["incidentId"]) for one in cameras.recordings] == [
        ("VEH/1 ?", "INC-1"), ("VEH/1 ?", "INC-2"),
    ]  # fmt: skip


def answering(status: int, body: bytes) -> Serving:
    class Handler(QuietHandler):
        def respond(self) -> None:
            self.read_body()
            self.answer(status, body)

    return serve(Handler, 0, what="a service")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (429, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"vehicles": []}'),
        (403, b"{}"),
    ],
)
def test_an_answer_that_cannot_be_used_is_worth_another_try(status: int, body: bytes) -> None:
    server = answering(status, body)
    try:
        with pytest.raises(CustomerRegistryError):
            HttpCustomerRegistry(server.url).look_up("CUST-1", None)
        with pytest.raises(VehiclePlatformError):
            HttpVehiclePlatform(server.url).activate("CONT-1", UNITS)
        with pytest.raises(VideoUnavailableError):
            HttpVideoRecorder(server.url).start("VEH-1", "INC-1")
    finally:
        server.stop()


@pytest.mark.parametrize("url", ["", "ftp://x", "http://127.0.0.1:9"])
def test_no_answer_is_worth_another_try(url: str) -> None:
    with pytest.raises(CustomerRegistryError):
        HttpCustomerRegistry(url).look_up("CUST-1", None)
    with pytest.raises(VehiclePlatformError):
        HttpVehiclePlatform(url).deactivate("CONT-1")
    with pytest.raises(VideoUnavailableError):
        HttpVideoRecorder(url).start("VEH-1", "INC-1")


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_breaks_off_is_worth_another_try(status: int) -> None:
    class Handler(QuietHandler):
        def respond(self) -> None:
            self.read_body()
            self.send_response_only(status)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"{")
            self.close_connection = True

    server = serve(Handler, 0, what="a service")
    try:
        with pytest.raises(CustomerRegistryError, match="was not answered"):
            HttpCustomerRegistry(server.url).look_up("CUST-1", None)
    finally:
        server.stop()
