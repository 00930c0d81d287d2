"""What a driver raises → StoreErrors of one line: what is wrong, which store, and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graph.errors import StoreError
from graph.stores.driver import driver_package

_USER = "give --user and a password, or set ACCORDGRAPH_NEO4J_USER and ACCORDGRAPH_NEO4J_PASSWORD"
_DATABASE = "give --database, or set ACCORDGRAPH_NEO4J_DATABASE; SHOW DATABASES lists them"
_WRITER = "use a user and a database that may be written"

# The end of a server's error code → what is wrong, and the way out.
_BY_CODE: dict[str, tuple[str, str]] = {
    "WriteOnReadOnlyAccessDatabase": ("The database is read-only", _WRITER),
    "DatabaseNotFound": ("No such database", _DATABASE),
    "DatabaseUnavailable": ("The database is not available", "see the server's log; SHOW DATABASES tells its state"),
    "Forbidden": ("The user may not do that", _WRITER),
    "ForbiddenOnReadOnlyDatabase": ("The database is read-only", _WRITER),
    "AuthenticationRateLimit": ("Too many wrong passwords", "wait a little, then " + _USER),
    "CredentialsExpired": ("The password must be changed first", "sign in once in Neo4j Browser and change it"),
    "TransactionTimedOut": ("No answer in time", "another transaction may hold a lock: SHOW TRANSACTIONS lists them"),
    "LockAcquisitionTimeout": ("Locked by someone else", "SHOW TRANSACTIONS lists who; build again afterwards"),
    "ConstraintValidationFailed": ("Another node has an id of ours", "use a database of its own"),
    "ConstraintCreationFailed": ("Other nodes stand in the way of a constraint", "use a database of its own"),
    "EquivalentSchemaRuleAlreadyExists": ("An index of others stands in the way", "drop it, or use another database"),
    "IndexAlreadyExists": ("An index of others stands in the way", "drop it, or use another database"),
}
for _name in ("TransactionTimedOutClientConfiguration", "LockClientStopped", "Terminated"):
    _BY_CODE[_name] = _BY_CODE["TransactionTimedOut"]


@contextmanager
def engine_errors(place: str, otherwise: str) -> Iterator[None]:
    """Turns what the driver raises into StoreErrors that name the store and the way out, by default `otherwise`."""
    exceptions = driver_package().exceptions
    try:
        yield
    except (exceptions.Neo4jError, exceptions.DriverError) as error:
        what, way_out = _explained(error, exceptions)
        raise StoreError(what, path=place, way_out=way_out or otherwise) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"Text that is no Unicode: {error.object[error.start : error.end]!r}", path=place, way_out="remove it"
        ) from error


def _explained(error: Any, exceptions: Any) -> tuple[str, str | None]:
    """What is wrong, in a clause, and the way out if it is plain from the error."""
    message = _first_line(getattr(error, "message", None) or str(error))
    code = (getattr(error, "code", None) or "").rpartition(".")[2]
    if code in _BY_CODE:
        what, way_out = _BY_CODE[code]
        return f"{what} ({message[:120]})", way_out
    if isinstance(error, exceptions.AuthError):
        return "User or password refused", _USER
    if isinstance(
        error, exceptions.ServiceUnavailable | exceptions.SessionExpired | exceptions.ConnectionAcquisitionTimeoutError
    ):
        return f"No server answers ({message})", "check the address, and that the server runs"
    if isinstance(error, exceptions.ConfigurationError):
        return f"Bad address ({message})", "give bolt://HOST:PORT or neo4j://HOST:PORT"
    if isinstance(error, exceptions.TransientError):
        return f"The engine is busy or short of memory ({message})", "try again"
    return f"The engine refuses: {message}", None


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0].rstrip(".")
