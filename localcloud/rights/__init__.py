"""Which AWS calls each role made in a local cloud, to be compared with what its policies allow.

caller.py      on whose behalf the running code acts
requests.py    an AWS request in IAM's words: action and resource
tasks.py       the same of a state machine's task
recording.py   `Recording`: what one cloud has seen, written to a file when it closes
comparing.py   calls a policy lacks, and rights that no call uses

Recording is on when LOCALCLOUD_CALLS names a folder.
"""
