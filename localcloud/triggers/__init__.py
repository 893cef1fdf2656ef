"""What makes things run: events, queues, topics, schedules, objects. All timed by the one Timeline.

wiring.py         `Triggers`: hears from moto and hands on to the parts below
bus.py            EventBridge: who publishes, which rules match, what their targets get
target_input.py   Input, InputPath and InputTransformer of a target
delivery.py       one payload to one target of any kind, with retries and dead-letter queue
async_invoke.py   asynchronous invocations of functions, as S3, SNS and EventBridge make them
queues.py         SQS to functions: batches, windows, partial failures, FIFO
sqs_records.py    messages as a function sees them
topics.py         SNS to functions
objects.py        S3's Object Created and Object Deleted
schedules.py      rules with a schedule, EventBridge Scheduler;  expressions.py: when they fire
containers.py     ECS tasks as child processes
status_events.py  Step Functions Execution Status Change
"""

from localcloud.triggers.wiring import Triggers

__all__ = ["Triggers"]
