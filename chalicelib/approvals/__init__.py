"""Approvals: a decision only a person can take, asked once, reminded, decided once and kept.

Doors      task ``request-approval`` (by ``lambda:invoke.waitForTaskToken``); queue ``approval-clock`` (SQS
           ``approval-moments``); Slack buttons (``slack.py``); REST routes under ``/approvals`` and
           ``/approval-delegations``
Tables     ``approvals`` (one item each, task token encrypted), ``approval-audit`` (append-only),
           ``approval-delegations``
Policy     SSM parameter ``/signalbox/<stage>/approval-policy``: who approves what, by kind and amount
Events in  one-time schedules of EventBridge Scheduler, through the queue
Events out SNS ``approval-notifications``

The way of one approval: ``requesting`` opens it and asks, ``deciding`` takes the one decision, ``delivering``
answers the machine, ``timing`` reminds, escalates and expires, ``telling`` speaks to Slack and SNS. What may
happen to an approval says ``domain.moves``, who may decide ``domain.verdicts``, who is asked ``domain.policy``.
"""
