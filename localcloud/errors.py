"""What can go wrong with the local cloud itself, each shown as one line, never as a traceback.

LocalCloudError
|-- TemplateError      the template cannot be built or understood; the message names file or resource
|-- ProvisionError     a resource cannot be created as the template describes it
|-- PortTakenError     another program listens where we want to; the message says how to choose another
|-- StoreError         the file of runs cannot be read or written
`-- UsageError         the command line asks for something that is not there
"""

from __future__ import annotations


class LocalCloudError(Exception):
    """Base of them all; its text is for people."""


class TemplateError(LocalCloudError):
    """The template is broken; the message starts with the place."""


class ProvisionError(LocalCloudError):
    """A resource of the template cannot be created; the message names it and its type."""


class PortTakenError(LocalCloudError):
    """A port is in use."""


class StoreError(LocalCloudError):
    """The file of runs is broken, or not to be written; the message names it and the way out."""


class UsageError(LocalCloudError):
    """What was asked for does not exist or is malformed."""
