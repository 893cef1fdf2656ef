"""The campaigns desk: a call campaign runs to its end, legally, best contacts first, nobody called twice.

Machine    ``campaign-execution`` (statemachines/campaign-execution.asl.json)
Doors      tasks ``validate-campaign``, ``dispatcher``, ``status-checker``, ``report-generator``;
           queue ``dialer`` (SQS ``dial-tasks``); events ``on-contacts-uploaded`` (S3), ``on-call-ended``
           and ``on-run-ended`` (EventBridge); schedule ``campaign-scheduler``; REST routes under ``/campaigns``
Tables     ``campaigns`` (config, generation, sharded counters), ``contacts``, ``suppressions`` (one item a number)
Events in  S3 Object Created under ``contacts/``; the carrier's Call Ended; executions that failed or were aborted
Events out SNS ``campaign-notifications``

The way of one contact: ``importing`` puts it into the table, ``dispatching`` queues it, ``dialing`` calls it,
``settling`` records how the call ended, ``watching`` (status-checker) repairs what a crash left behind,
``reporting`` counts it. Whether it may be called says ``domain.holds``, what follows a call ``domain.retries``;
every change of it is a function in ``service.moves``. Doors get their ports filled from ``wiring``.
"""
