"""What the room needs of the world, in its own words.

stores.py   approvals, their audit trail, delegations, the policy
world.py    the machine, its token, moments to come, people
room.py     all of them at once
"""
