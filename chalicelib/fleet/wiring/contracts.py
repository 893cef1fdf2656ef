"""Contracts: which adapter plays which part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import optional_setting, setting

if TYPE_CHECKING:
    from chalicelib.fleet.ports.contracts import ContractAlerts, ContractRuns, ContractStore
    from chalicelib.fleet.ports.payments import PaymentEvents, Payments
    from chalicelib.fleet.ports.vehicles import VehiclePlatform
    from chalicelib.fleet.service.contracts import activating, closing, paying, reconciling, validating


def contracts() -> ContractStore:
    """Return the contracts."""
    from chalicelib.fleet.adapters.dynamo_contracts import DynamoContractStore

    return DynamoContractStore(setting("CONTRACTS_TABLE"))


def contract_runs() -> ContractRuns:
    """Return the executions of ``business-workflow``."""
    from chalicelib.fleet.adapters.stepfunctions_contracts import StepFunctionsContractRuns

    return StepFunctionsContractRuns(setting("CONTRACT_MACHINE_ARN"))


def payments() -> Payments:
    """Return who takes money: Stripe, or what stands at ``STRIPE_API_URL``."""
    from chalicelib.core.secrets import secret
    from chalicelib.fleet.adapters.stripe_payments import StripePayments

    return StripePayments(secret("stripe", "api_key"), optional_setting("STRIPE_API_URL") or None)


def payment_events() -> PaymentEvents:
    """Return what Stripe tells by itself."""
    from chalicelib.core.secrets import secret
    from chalicelib.fleet.adapters.stripe_events import StripeEvents

    return StripeEvents(secret("stripe", "webhook_secret"))


def contract_alerts() -> ContractAlerts:
    """Return the people who see to contracts."""
    from chalicelib.fleet.adapters.sns_contract_alerts import SnsContractAlerts

    return SnsContractAlerts(setting("CONTRACT_ALERTS_TOPIC_ARN"))


def vehicle_platform() -> VehiclePlatform:
    """Return the platform that follows vehicles."""
    from chalicelib.fleet.adapters.http_vehicles import HttpVehiclePlatform

    return HttpVehiclePlatform(setting("VEHICLE_PLATFORM_URL"))


def validation() -> validating.Ports:
    """Return what validating needs."""
    from chalicelib.fleet.adapters.dynamo_circuits import DynamoCircuits
    from chalicelib.fleet.adapters.http_customers import HttpCustomerRegistry
    from chalicelib.fleet.service.contracts import validating

    return validating.Ports(
        HttpCustomerRegistry(setting("CUSTOMER_REGISTRY_URL")), DynamoCircuits(setting("CONTRACTS_TABLE"))
    )


def payment() -> paying.Ports:
    """Return what paying needs."""
    from chalicelib.fleet.service.contracts import paying

    return paying.Ports(contracts(), payments())


def activation() -> activating.Ports:
    """Return what activating needs."""
    from chalicelib.fleet.service.contracts import activating

    return activating.Ports(contracts(), vehicle_platform())


def closure() -> closing.Ports:
    """Return what closing needs."""
    from chalicelib.fleet.service.contracts import closing

    return closing.Ports(contracts(), payments(), vehicle_platform())


def reconciliation() -> reconciling.Ports:
    """Return what reconciling needs."""
    from chalicelib.fleet.service.contracts import reconciling

    return reconciling.Ports(closure(), contract_runs(), contract_alerts())
