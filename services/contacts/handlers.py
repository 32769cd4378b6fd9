"""Messages to reactions. The contacts service listens to nobody yet: an accepted quote will make a client here."""

from collections.abc import Mapping

from google.protobuf.message import Message

from chassis.inbox import Handler

REACTIONS: Mapping[type[Message], Handler] = {}
