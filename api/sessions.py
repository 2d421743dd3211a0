"""Who is speaking: a bearer token, or nobody."""

from typing import Any, TypeAlias

from litestar import Request

from api.http.headers import bearer
from api.problems import Unauthenticated
from application.accord import Accord, Caller
from application.people import hashed

AnyRequest: TypeAlias = Request[Any, Any, Any]


def accord(request: AnyRequest) -> Accord:
    """The application that this process serves."""
    found: Accord = request.app.state["accord"]
    return found


async def caller(request: AnyRequest, *, binding: bool = False) -> Caller:
    """Who asks. Raises Unauthenticated.

    A token revoked less than a second ago may still be taken for one that holds: the record itself looks at it before it takes
    an act. ``binding``: for what is not recorded, it counts no longer at once.
    """
    house = accord(request)
    token = bearer(request.headers.get("authorization"))
    if token is None:
        return house.caller(None)
    person = await (house.people.person_of(token) if binding else house.people.person_lately(token))
    if person is None:
        raise Unauthenticated
    return house.caller(person, hashed(token))
