"""The whole way of a campaign, on the real application: upload, calls, report."""

from __future__ import annotations

import json

import pytest

from localcloud.demos import Bench
from localcloud.demos.campaigns import CampaignDemo
from localcloud.demos.contact_lists import contact_list
from localcloud.demos.http_calls import ApiCallError
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline
from tests.e2e.conftest import HOME


@pytest.fixture(scope="module")
def finished(project: LocalProject) -> CampaignDemo:
    demo = CampaignDemo(contact_list(60, invalid=4, duplicates=3))
    bench = bench_of(project)
    execution_arn = demo.start(bench)
    assert isinstance(project.timeline, RealTimeline)
    with FastForward(project.timeline):
        project.timeline.run_until(lambda: project.cloud.engine.execution(execution_arn).ended, 300)
    return demo


def bench_of(project: LocalProject) -> Bench:
    return Bench.of(project)


def test_the_campaign_ends_as_it_should(project: LocalProject, finished: CampaignDemo) -> None:
    verdict = finished.verdict(bench_of(project))
    assert verdict.ok, verdict.result
    assert (project.kept_in / "campaign-report.pdf").read_bytes().startswith(b"%PDF")


def test_nobody_was_called_twice_in_one_attempt(project: LocalProject, finished: CampaignDemo) -> None:
    keys = [call["idempotencyKey"] for call in project.carrier.calls]
    assert len(keys) == len(set(keys)) > 0


def test_the_upload_names_the_lines_that_became_no_contact(project: LocalProject, finished: CampaignDemo) -> None:
    expected = contact_list(60, invalid=4, duplicates=3)
    objects = project.cloud.client("s3").list_objects_v2(
        Bucket=f"signalbox-local-assets-{project.cloud.account_id}"
    )
    (key,) = [one["Key"] for one in objects["Contents"] if one["Key"].endswith("report.json")]
    upload_id = key.split("/")[-1].split(".")[0]
    campaign = bench_of(project).api("GET", "/campaigns")["campaigns"][0]["id"]
    report = bench_of(project).api("GET", f"/campaigns/{campaign}/uploads/{upload_id}")
    assert report["status"] == "done"
    shown = str(report)
    for line in expected.invalid_lines + expected.duplicate_lines:
        assert str(line) in shown


def test_bad_requests_get_a_clear_answer(project: LocalProject) -> None:
    with pytest.raises(ApiCallError, match="404"):
        bench_of(project).api("GET", "/campaigns/00000000-0000-4000-8000-000000000000")
    draft = {
        "name": "x",
        "callerId": "+12125550100",
        "windows": [{"days": ["mon"], "start": "20:00", "end": "09:00"}],
    }
    with pytest.raises(ApiCallError, match=r"422.*window_ends_before_start"):
        bench_of(project).api("POST", "/campaigns", draft)


def test_chalice_local_finds_the_same_resources(project: LocalProject) -> None:
    """Its environment is written down in .chalice/config.json, where nothing can be computed."""
    config = json.loads((HOME / ".chalice" / "config.json").read_text())
    written = config["stages"]["local"]["environment_variables"]
    (api,) = [one for one in project.cloud.functions if one.logical_id == "APIHandler"]
    computed = dict(api.environment)
    for address in [key for key, value in written.items() if value.startswith("http://127.0.0.1:45")]:
        written.pop(address)  # of a stand-in, which takes another port here
        computed.pop(address)
    assert written == {key: computed[key] for key in written}
    wanted = {key for key, value in computed.items() if value} - {"APP_NAME"}
    assert wanted <= set(written)


def test_everything_in_the_template_is_created_or_explained(project: LocalProject) -> None:
    assert project.cloud.provisioned is not None
    reasons = {why for _, _, why in project.cloud.provisioned.reasons()}
    assert "cannot be created locally" not in reasons
