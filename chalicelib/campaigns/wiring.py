"""Which adapter plays which part, by configuration. Made anew for each invocation, adapters hold no state.

A service names the parts it needs in one frozen dataclass (``dispatching.Ports``, ``dialing.Ports``, ...); a door
asks here for a filled one, a test fills it with fakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import optional_setting, setting
from chalicelib.core.errors import ConfigurationError

if TYPE_CHECKING:
    from chalicelib.campaigns.ports.calls import Carrier, DialQueue
    from chalicelib.campaigns.ports.files import Models, Reports, Uploads
    from chalicelib.campaigns.ports.stores import (
        CampaignStore,
        ContactIntake,
        ContactStore,
        People,
        SuppressionList,
    )
    from chalicelib.campaigns.ports.world import CampaignRuns, ImportContinuations, StartSchedule
    from chalicelib.campaigns.service import (
        dialing,
        dispatching,
        importing,
        reporting,
        settling,
        validating,
        watching,
    )
    from chalicelib.campaigns.service.lifecycle import changes


def campaigns() -> CampaignStore:
    """Return the campaigns and their counters."""
    from chalicelib.campaigns.adapters.dynamo_campaigns import DynamoCampaignStore

    return DynamoCampaignStore(setting("CAMPAIGNS_TABLE"))


def contacts() -> ContactStore:
    """Return the contacts."""
    from chalicelib.campaigns.adapters.dynamo_contacts import DynamoContactStore

    return DynamoContactStore(setting("CONTACTS_TABLE"), setting("CAMPAIGNS_TABLE"), setting("SUPPRESSIONS_TABLE"))


def contact_intake() -> ContactIntake:
    """Return the way new contacts are taken in."""
    from chalicelib.campaigns.adapters.dynamo_intake import DynamoContactIntake

    return DynamoContactIntake(setting("CONTACTS_TABLE"), setting("CAMPAIGNS_TABLE"))


def people() -> People:
    """Return what is known of telephone numbers over all campaigns."""
    from chalicelib.campaigns.adapters.dynamo_people import DynamoPeople

    return DynamoPeople(setting("SUPPRESSIONS_TABLE"))


def suppressions() -> SuppressionList:
    """Return who must not be called."""
    from chalicelib.campaigns.adapters.dynamo_people import DynamoSuppressionList

    return DynamoSuppressionList(setting("SUPPRESSIONS_TABLE"))


def dial_queue() -> DialQueue:
    """Return the queue between dispatcher and dialer."""
    from chalicelib.campaigns.adapters.sqs_dial_queue import SqsDialQueue

    return SqsDialQueue(setting("DIAL_QUEUE_URL"))


def carrier() -> Carrier:
    """Return who places the calls: Amazon Connect or an HTTP carrier, by ``CARRIER``."""
    kind = optional_setting("CARRIER", "http")
    if kind == "connect":
        from chalicelib.campaigns.adapters.connect_carrier import ConnectCarrier

        return ConnectCarrier(setting("CONNECT_INSTANCE_ID"), setting("CONNECT_CONTACT_FLOW_ID"))
    if kind == "http":
        from chalicelib.campaigns.adapters.http_carrier import HttpCarrier
        from chalicelib.campaigns.adapters.s3_audio_links import S3AudioLinks

        return HttpCarrier(setting("CARRIER_URL"), S3AudioLinks(setting("ASSETS_BUCKET")))
    raise ConfigurationError(f"environment variable CARRIER is {kind!r}; it should be 'connect' or 'http'")


def dispatch() -> dispatching.Ports:
    """Return what dispatching needs."""
    from chalicelib.campaigns.service import dispatching

    return dispatching.Ports(campaigns(), contacts(), people(), dial_queue())


def dial() -> dialing.Ports:
    """Return what dialing needs."""
    from chalicelib.campaigns.service import dialing

    return dialing.Ports(campaigns(), contacts(), people(), carrier(), dial_queue(), settle())


def settle() -> settling.Ports:
    """Return what settling needs."""
    from chalicelib.campaigns.service import settling

    return settling.Ports(campaigns(), contacts(), suppressions(), carrier())


def watch() -> watching.Ports:
    """Return what watching needs."""
    from chalicelib.campaigns.service import watching

    return watching.Ports(campaigns(), contacts(), dial_queue(), settle())


def uploads() -> Uploads:
    """Return the contact lists as they were uploaded."""
    from chalicelib.campaigns.adapters.s3_assets import S3Uploads

    return S3Uploads(setting("ASSETS_BUCKET"))


def models() -> Models:
    """Return the priority models."""
    from chalicelib.campaigns.adapters.s3_assets import S3Models

    return S3Models(setting("ASSETS_BUCKET"))


def campaign_runs() -> CampaignRuns:
    """Return the executions of ``campaign-execution``."""
    from chalicelib.campaigns.adapters.stepfunctions import StepFunctionsCampaignRuns

    return StepFunctionsCampaignRuns(setting("CAMPAIGN_MACHINE_ARN"))


def start_schedule() -> StartSchedule:
    """Return the starts to come."""
    from chalicelib.campaigns.adapters.scheduler import EventBridgeStartSchedule

    return EventBridgeStartSchedule(
        group=setting("SCHEDULE_GROUP"),
        machine_arn=setting("CAMPAIGN_MACHINE_ARN"),
        role_arn=setting("SCHEDULER_ROLE_ARN"),
        dead_letters_arn=setting("SCHEDULE_DEAD_LETTERS_ARN"),
    )


def import_continuations() -> ImportContinuations:
    """Return how an import goes on in a fresh invocation of the function that runs."""
    from chalicelib.campaigns.adapters.lambda_imports import LambdaImportContinuations

    return LambdaImportContinuations(setting("AWS_LAMBDA_FUNCTION_NAME"), setting("ASSETS_BUCKET"))


def imports() -> importing.Ports:
    """Return what importing needs."""
    from chalicelib.campaigns.adapters.numbers import LibPhoneNumbers
    from chalicelib.campaigns.service import importing

    return importing.Ports(campaigns(), contact_intake(), uploads(), LibPhoneNumbers(), models())


def validation() -> validating.Ports:
    """Return what validation needs."""
    from chalicelib.campaigns.adapters.s3_assets import S3AudioFiles
    from chalicelib.campaigns.service import validating

    return validating.Ports(campaigns(), S3AudioFiles(setting("ASSETS_BUCKET")), models())


def reports() -> Reports:
    """Return the finished reports."""
    from chalicelib.campaigns.adapters.s3_reports import S3Reports

    return S3Reports(setting("REPORTS_BUCKET"))


def report() -> reporting.Ports:
    """Return what reporting needs."""
    from chalicelib.campaigns.adapters.pdf_report import ReportLabPrinter
    from chalicelib.campaigns.service import reporting

    return reporting.Ports(campaigns(), reports(), ReportLabPrinter())


def lifecycle() -> changes.Ports:
    """Return what creating, starting, pausing, resuming and cancelling need."""
    from chalicelib.campaigns.service.lifecycle import changes
    from chalicelib.core import clock

    return changes.Ports(campaigns(), campaign_runs(), start_schedule(), clock.current())
