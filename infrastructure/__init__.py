"""The rooms' resources as YAML, and the build that joins them with Chalice's template.

<room>.yaml  a room's tables, queues, buckets, topics, rules, state machines, alarms
shared.yaml  what belongs to no room: parameters, the alarm topic
build.py     one SAM template of all, for a local run or for a package;  merge.py: how two templates become one
room_file.py reads and checks one YAML file;  translate.py: SAM to CloudFormation;  check.py: lints both
"""
