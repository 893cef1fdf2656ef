"""Business metrics, by CloudWatch's embedded metric format: a line in the function's log, no call of AWS.

Few, and such as somebody at a desk would ask for; what Step Functions, Lambda and SQS measure themselves is not
here.
``infrastructure/watch.py`` shows them on the desk's dashboard.
"""

from __future__ import annotations

NAMESPACE = "Signalbox"


def measured(room: str, name: str, value: float, unit: str = "Count") -> None:
    """Write one value of a metric.

    Args:
        room: the dimension ``service``.
        name: such as ``RowsKept``.
        value: in ``unit``.
        unit: one of CloudWatch's, such as ``Count``, ``Seconds``, ``Percent``.
    """
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit(unit), value=value, namespace=NAMESPACE) as metric:
        metric.add_dimension(name="service", value=room)
