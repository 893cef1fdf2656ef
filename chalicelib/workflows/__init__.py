"""The workflows room: every state machine of the house, its runs, and what can be done with them.

Doors      the REST routes ``/health``, ``/workflows``, ``/executions`` and below; ``/console``
Machines   all of them, known by ``WORKFLOW_ARN_PREFIX``; a workflow's name is what follows the prefix
Tables     none: Step Functions remembers its runs for 90 days
Events     failed, timed-out and stopped executions come in (``on-run-failed``) and are told in Slack
"""
