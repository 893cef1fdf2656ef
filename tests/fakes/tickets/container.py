"""A container that answers what a ticket's `fields.answer` says, written into a project as ``rag_engine``.

It stands for the matching engine where a test is about the desk: "named", "low", "nobody", "crash" and "refuse".
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

PEOPLE = [("cre001", "Ada Ruiz", "U0PERSON"), ("cre002", "Ben Okoro", "U0MANAGER")]
CONFIDENCES = {"named": (0.9, 0.7), "low": (0.4, 0.3), "nobody": ()}


def install(project_dir: Path) -> None:
    """Let ``python -m rag_engine`` in ``project_dir`` run this file."""
    folder = project_dir / "rag_engine"
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text("")
    (folder / "__main__.py").write_text(Path(__file__).read_text())


def main() -> int:
    import boto3

    s3 = boto3.client("s3")
    given = os.environ
    ticket = json.loads(s3.get_object(Bucket=given["TICKET_BUCKET"], Key=given["TICKET_KEY"])["Body"].read())
    wanted = ticket["fields"]["answer"]
    print(json.dumps({"command": sys.argv[1:], "execution": given["EXECUTION_ARN"]}))
    if wanted == "crash":
        return 1
    smes = [
        {
            "creId": cre_id, "name": name, "slackId": slack_id, "confidence": confidence, "score": 1.0,
            "probability": confidence, "reasoning": "Solved ticket 9001",
            "evidence": [{"ticketId": "9001", "subject": "Lag", "similarity": 0.8, "solvedAt": None}],
        }
        for (cre_id, name, slack_id), confidence in zip(PEOPLE, CONFIDENCES.get(wanted, ()), strict=False)
    ]  # fmt: skip
    result = {
        "version": 1, "ticketId": given["TICKET_ID"], "topSmes": smes, "heldUntil": None, "tookMilliseconds": 1,
        "removed": [] if smes else [{"creId": "cre001", "rule": "leave"}],
        "model": {"id": "fake-1", "calibratedAt": None, "calibrationError": None, "prior": True},
    }  # fmt: skip
    if wanted == "refuse":
        result = {"version": 1, "error": {"message": "no words, mail ana@example.com"}}
    s3.put_object(Bucket=given["RESULT_BUCKET"], Key=given["RESULT_KEY"], Body=json.dumps(result).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
