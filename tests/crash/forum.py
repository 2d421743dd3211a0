"""The forum in which programs are ended: founded, seated, and in session. Its silences last seconds."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from httpx import AsyncClient
from msgspec.structs import replace

from api.compose import Addresses, found, opened
from api.settings import Settings
from domain.identity import PersonId
from domain.rules import Rules
from infrastructure.postgres.embedded import Database
from tests.api.scene import CODES, FOUNDING

FORMATS: Final = {"plenary": CODES, "japan-us": ("JPN", "USA")}
SHORT: Final = replace(FOUNDING, rules=Rules(silence_between_meetings=1, silence_in_session=1, notice=0))
FOREVER: Final = "2099-01-01T00:00:00Z"


@dataclass
class Forum:
    """Who acts in it, and what lies on its tables."""

    roles: dict[str, str] = field(default_factory=dict[str, str])
    """Tokens."""
    people: dict[str, str] = field(default_factory=dict[str, str])
    """Ids, of those who have a role; and of each delegation's adviser to be."""
    tables: dict[str, list[str]] = field(default_factory=lambda: {name: list[str]() for name in FORMATS})
    """Proposals, by format."""

    def lies_before(self, role: str) -> list[str]:
        """The proposals that the role may read, the last ones of each table."""
        code = role.rpartition("-")[2]
        seats = [name for name, members in FORMATS.items() if code in members or (role in {"chair", "secretary"})]
        return [proposal for name in seats for proposal in self.tables[name][-6:]]


async def begin(database: Database) -> Forum:
    """Found the forum, and appoint its first secretary."""
    addresses = Addresses(database.owner_url, database.app_url, database.projector_url)
    async with opened(addresses, Settings(), founded=False) as house:
        secretary = await house.people.add("Secretary")
        await found(addresses, house, SHORT, secretary)
        token = (await house.people.issue(secretary, "crash")).token
    return Forum({"secretary": token}, {"secretary": str(secretary)})


class Seating:
    """Over HTTP, before anything is ended."""

    def __init__(self, forum: Forum, database: Database, client: AsyncClient) -> None:
        self._forum = forum
        self._database = database
        self._client = client

    async def seat(self) -> None:
        """A head and an alternate for each delegation, a chair for both formats, and the edition opened."""
        for code in CODES:
            await self._admit(f"head-{code}", code, {"role": "head", "notice": "a letter"}, by="secretary")
            await self._admit(f"alternate-{code}", code, {"role": "alternate"}, by=f"head-{code}")
            await self._person(f"adviser-{code}")
        chair = await self._person("chair")
        addresses = Addresses(self._database.owner_url, self._database.app_url, self._database.projector_url)
        async with opened(addresses, Settings()) as house:
            self._forum.roles["chair"] = (await house.people.issue(PersonId(UUID(chair)), "crash")).token
        year = datetime.now(UTC).year
        days = {"starts_on": f"{year}-01-01", "ends_on": f"{year}-01-02"}
        edition = {"code": "now", "year": year, **days, "city": "Tokyo", "theme": {"en": "Peace"}}
        await self._done("/api/editions", "secretary", edition)
        await self._done("/api/editions/now/open", "secretary")
        for name in FORMATS:
            await self._done(f"/api/editions/now/agendas/{name}/chair", "secretary", {"person": chair})

    async def _admit(self, role: str, code: str, body: dict[str, str], *, by: str) -> None:
        person = await self._person(role)
        invited = await self._done(f"/api/delegations/{code}/credentials", by, {"person": person, **body})
        exchange = {"invitation": invited["invitation"], "expires": FOREVER}
        self._forum.roles[role] = (await self._done("/api/invitations", None, exchange))["token"]

    async def _person(self, role: str) -> str:
        self._forum.people[role] = (await self._done("/api/people", "secretary", {"name": role}))["id"]
        return self._forum.people[role]

    async def _done(self, path: str, role: str | None, body: Any = None) -> Any:
        headers = {"If-Match": "*"} | ({"Authorization": f"Bearer {self._forum.roles[role]}"} if role else {})
        answer = await self._client.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.json()
