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
    from chalicelib.campaigns.ports.stores import (
        CampaignStore,
        ContactIntake,
        ContactStore,
        People,
        SuppressionList,
    )
    from chalicelib.campaigns.service import dialing, dispatching, settling, watching


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

        return HttpCarrier(setting("CARRIER_URL"))
    raise ConfigurationError(f"environment variable CARRIER is {kind!r}; it should be 'connect' or 'http'")


def dispatch() -> dispatching.Ports:
    """Return what dispatching needs."""
    from chalicelib.campaigns.service import dispatching

    return dispatching.Ports(campaigns(), contacts(), people(), dial_queue())


def dial() -> dialing.Ports:
    """Return what dialing needs."""
    from chalicelib.campaigns.service import dialing

    return dialing.Ports(campaigns(), contacts(), people(), carrier(), settle())


def settle() -> settling.Ports:
    """Return what settling needs."""
    from chalicelib.campaigns.service import settling

    return settling.Ports(campaigns(), contacts(), suppressions(), carrier())


def watch() -> watching.Ports:
    """Return what watching needs."""
    from chalicelib.campaigns.service import watching

    return watching.Ports(campaigns(), contacts(), dial_queue(), settle())
