"""The laptop's AWS: everything the application needs to run with no account, no Docker and no network.

It is built from the template that is deployed. Nothing in this package ships.
"""
