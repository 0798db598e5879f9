"""What the domain may refuse, and the HTTP status each refusal becomes."""


class Refused(Exception):
    """A request that the domain does not grant; `status` is what a browser is told."""

    status = 400


class NotAllowed(Refused):
    status = 403


class NotFound(Refused):
    status = 404


class IllegalMove(Refused):
    status = 409


class AlreadyDone(Refused):
    status = 409


class Invalid(Refused):
    """Input that the domain refuses; `field` says beside which field the sentence belongs."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class Unavailable(Exception):
    """What all of it needs is away, such as the mail server: nothing else of the kind need be tried now."""
