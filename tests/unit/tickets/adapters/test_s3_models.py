"""The matching model in use, in S3."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.core import aws
from chalicelib.tickets.adapters.s3_models import S3ModelStore
from chalicelib.tickets.domain.matching.model import prior_model


def test_the_model_in_s3_is_replaced_only_where_it_is_still_the_one_read(aws_here: None) -> None:
    aws.client("s3").create_bucket(Bucket="tickets")
    models = S3ModelStore("tickets", "m")
    nothing = models.current()
    assert (nothing.model, nothing.etag) == (prior_model("m"), None)
    assert models.replace(nothing, prior_model("m"))
    assert not models.replace(nothing, prior_model("m"))
    first = models.current()
    assert models.replace(first, replace(first.model, model_id="second"))
    assert not models.replace(first, first.model)
    assert models.current().model.model_id == "second"
    assert aws.client("s3").list_objects_v2(Bucket="tickets")["KeyCount"] == 1
