"""Two opportunities analysed by the real application, over HTTP, on generated sales history."""

from __future__ import annotations

import pytest

from localcloud.demos import Bench
from localcloud.demos.demo import Demo
from localcloud.demos.opportunities import PremierModelDemo, StandardModelDemo
from localcloud.fast_forward import FastForward
from localcloud.project import LocalProject
from localcloud.stepfunctions import RealTimeline
from tests.e2e.conversation import Conversation


def test_who_asks_in_slack_is_told_there(project: LocalProject) -> None:
    talk = Conversation(project)
    said = talk.say('/opportunity analyze "Example Corp" "Slack <Migration>" 2026-12-31 funding')
    assert "Slack &lt;Migration&gt; has begun" in said
    analysis_id = said.split("status ")[1].strip("`")

    def told() -> list[str]:
        return [str(one) for one in project.slack.messages if "Slack &lt;Migration&gt;:" in one["text"]]

    talk.wait(lambda: bool(told()))
    talk.wait(lambda: talk.api("GET", f"/api/analyze/{analysis_id}")["status"] == "SUCCEEDED")
    assert len(told()) == 1
    assert "*Funding*" in told()[0]


@pytest.mark.parametrize("demo", [StandardModelDemo(), PremierModelDemo()], ids=lambda demo: demo.scenario)
def test_the_analysis_ends_as_it_should(project: LocalProject, demo: Demo) -> None:
    bench = Bench(
        project.api_url, project.cloud, project.carrier, project.slack, project.kept_in, token=project.token
    )
    arn = demo.start(bench)
    assert isinstance(project.timeline, RealTimeline)
    with FastForward(project.timeline):
        project.timeline.run_until(lambda: project.cloud.engine.execution(arn).ended, 300)
    verdict = demo.verdict(bench)
    assert verdict.ok, verdict.result
    (kept,) = [path for path in project.kept_in.glob("opportunity-*.txt") if str(path) in verdict.where]
    text = kept.read_text()
    assert all(word in text for word in ("SQL", "Rows", "Claims"))
