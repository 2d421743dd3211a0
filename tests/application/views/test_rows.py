"""A list shows a proposal as its own page does: a row is made from the same state, without the text."""

from datetime import timedelta
from typing import Final

from hypothesis import HealthCheck, given, settings
from msgspec.structs import asdict

from application.views.proposals import row
from application.views.status import status
from domain.proposals.proposal import fold
from tests.domain.cast import MEMBERS
from tests.domain.stories import Story, stories

OF_ROWS: Final = {"main_sponsor", "version", "needs", "deadline", "agreement", "predecessor"}
"""What a page says in another place, or not at all."""


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_a_row_and_a_page_never_differ(story: Story) -> None:
    for count, recorded in enumerate(story.record, 1):
        proposal = fold(story.record[:count])
        assert proposal is not None
        for now in (recorded.at, recorded.at + timedelta(days=40)):
            listed = row(proposal, now, count, members=MEMBERS, rules=story.rules)
            page = status(proposal, now, members=MEMBERS, rules=story.rules)
            shown = asdict(page)
            assert {name: value for name, value in asdict(listed).items() if name not in OF_ROWS} == {
                name: value for name, value in shown.items() if name in asdict(listed) and name not in OF_ROWS
            }
            assert listed.deadline == (page.silence.deadline if page.silence else None)
            assert listed.agreement == (page.adoption.agreement if page.adoption else None)
            assert listed.predecessor == page.elsewhere.predecessor
