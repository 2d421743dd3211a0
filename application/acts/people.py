"""Acts that name a person."""

from application.desk import Desk
from application.people import People, UnknownPersonError
from application.tracker import Task
from domain.identity import PersonId


def naming(task: Task, person: PersonId, people: People) -> Task:
    """The same act, but that nothing is recorded of somebody whom nobody added: the last thing that is looked at.

    Carried out, it raises UnknownPersonError.
    """

    async def act(desk: Desk) -> None:
        await task.act(desk)
        if person not in await people.names((person,)):
            raise UnknownPersonError

    return Task(task.turn, act)
