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

Contracts
Machine    ``business-workflow`` (statemachines/business-workflow.asl.json)
Doors      tasks ``validate-customer``, ``create-contract``, ``process-payment``, ``activate-service``,
           ``refund-payment``, ``void-contract``; schedule ``payment-reconciler``; REST routes under
           ``/contracts``; Stripe's events at ``/payments/webhook``
Table      ``contracts`` (contracts, which request has which, their numbers, the customer registry's circuit)
Events out SNS ``customer-welcome``, ``contract-alerts``

The way of one contract: ``requesting`` checks it whole and starts its execution, ``validating`` asks the registry,
``creating`` numbers it, ``paying`` takes its money once, ``activating`` switches its vehicles on; ``closing``
undoes it, money first; ``reconciling`` finds what a lost answer or a dead execution left, and ``owing`` tells of
refunds that the bank sent back.
``domain.contracts.contract`` draws its states.
"""
