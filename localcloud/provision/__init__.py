"""Creates exactly the template's resources: boto3 on moto in this process, functions and machines on our own.

order.py      in which order, and which conditions hold
site.py       what the creators share: clients, names, and where functions, mappings and machines go
storage.py    tables, buckets          messaging.py  queues, topics         events.py  rules, schedules
compute.py    functions, machines      rights.py     roles, logs, alarms, keys, secrets
analytics.py  Glue's databases and tables, Athena's workgroups
passive.py    what exists in the template and has nothing to do on a laptop
provisioner.py  goes through them all
"""

from localcloud.provision.provisioner import provision
from localcloud.provision.site import Site

__all__ = ["Site", "provision"]
