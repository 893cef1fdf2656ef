"""The fleet desk: emergencies that reach people at once, contracts that never disagree with the money.

Emergencies
Machine    ``emergency-workflow`` (statemachines/emergency-workflow.asl.json)
Doors      tasks ``incident-notifier``, ``activate-video-recording``, ``log-completion``, ``incident-escalator``,
           ``duplicate-recorder``; ``emergency-intake`` (IoT rule); queue ``on-emergency-reported`` (SQS
           ``emergency.fifo``); event ``on-incident-run-ended`` (EventBridge); REST routes under ``/incidents``;
           Slack ``/incident`` and the button that acknowledges
Table      ``incidents`` (record, notifications, acknowledgement and hash-chained timeline of each incident)
Events in  devices' reports on ``vehicles/<id>/emergency``; executions that failed, timed out or were stopped
Events out SNS ``authorities-alerts``, ``owner-alerts``, ``fleet-operations``

The way of one emergency: ``reporting`` takes it in whatever its form, ``telling`` and ``notifying`` reach people
once, ``recording`` starts the cameras, ``completing`` sums up, ``escalating`` goes on until ``acknowledging``,
``ending`` sees to executions that died. ``chronicle`` keeps the timeline.
"""
