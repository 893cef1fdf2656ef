"""The tickets desk: the experts most likely to solve a support ticket, with evidence and an honest confidence.

Machine    ``sme-matching`` (statemachines/sme-matching.asl.json); its pipeline is the container ``rag_engine``
Doors      tasks ``validate-input``, ``embedding-generator``, ``parse-rag-output``, ``low-confidence-handler``,
           ``assign-sme``; events ``on-ticket-stored`` (S3), ``on-match-ended`` (EventBridge); schedules
           ``tickets-every-day``, ``tickets-every-week``; REST routes under ``/tickets`` and ``/smes``; Slack
           ``/sme``, buttons ``sme:*``
Tables     ``tickets`` (records, recommendations, assignments, labels), ``tickets-smes`` (one item an expert)
Bucket     ``tickets``: ``raw-tickets/``, ``recommendations/``, ``index/``
Events in  S3 Object Created under ``raw-tickets/``; Zendesk's webhook; executions of the machine that ended
Events out SNS ``ticket-alerts``

The way of one ticket: ``intake`` writes it and starts its execution, ``validating`` takes it, the engine
recommends, ``parsing`` keeps that before anybody is told, ``telling`` speaks, ``escalating`` asks an operator
where the engine is not sure, ``feedback`` moves it on, ``closing`` notes the end; solved, it is evidence.
What people said of it calibrates the engine's confidence (``calibrating``).
"""
