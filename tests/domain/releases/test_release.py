"""What a wider audience is given: nothing that leads back to the proposal, and no name without consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.identity import DelegationCode, ReleaseId
from domain.releases.events import NamedParty, NamedStatement, ReleasedOutcome, ReleasedStatementWorded, ReleaseMade
from domain.releases.release import Ended, Release, Roles, Stated, may_be_named, release
from tests.domain import scenario
from tests.domain.cast import (
    CHN,
    EDITION,
    EN,
    FLAGS,
    JPN,
    KINDS,
    KOR,
    LIGHTS,
    MEMBERS,
    P1,
    P2,
    P3,
    P7,
    PLENARY,
    TITLE,
    USA,
    an_id,
)
from tests.domain.scenario import at

REACHED = at("12:00")
SIGNALS = replace(LIGHTS, id=P7)
"""The seventh provision that the proposal ever had."""
TEXT = Ended(ReleasedOutcome.ADOPTED, KINDS[0], EDITION, PLENARY, EN, (TITLE, SIGNALS, FLAGS), REACHED)
PARTIES = (NamedParty(CHN, "silent"), NamedParty(JPN, "endorsed"), NamedParty(USA, "no-objection"))
OF_JAPAN = Stated(JPN, "interpretation", P7, (CHN, KOR), {EN: "All lights."})
OF_CHINA = Stated(CHN, "explanation-of-position", None, (), {EN: "In its own interest."})
OF_WHAT_IS_GONE = Stated(JPN, "dissociation", P3, (), {EN: "Not this."})
ROLES = Roles((KOR, JPN), PARTIES, (OF_CHINA, OF_JAPAN, OF_WHAT_IS_GONE))

WILLING = {CHN: False, JPN: True, KOR: True, USA: True}
CONSENTS = st.fixed_dictionaries(dict.fromkeys(sorted(MEMBERS), st.booleans()))


def test_the_provisions_are_counted_anew() -> None:
    made = release(TEXT, ROLES, MEMBERS)[0]
    assert isinstance(made, ReleaseMade)
    assert [(part.id, part.kind, part.text) for part in made.provisions] == [
        (P1, TITLE.kind, TITLE.text),
        (P2, SIGNALS.kind, SIGNALS.text),
        (P3, FLAGS.kind, FLAGS.text),
    ]


def test_names_are_those_of_the_willing_and_so_are_statements() -> None:
    made, *words = release(TEXT, ROLES, frozenset({JPN, KOR, USA}))
    assert isinstance(made, ReleaseMade)
    assert made.sponsors == (KOR, JPN)
    assert made.parties == (NamedParty(JPN, "endorsed"), NamedParty(USA, "no-objection"))
    assert made.statements == (NamedStatement(1, JPN, "interpretation", P2, (KOR,)),)
    assert words == [ReleasedStatementWorded(1, {EN: "All lights."})]


def test_without_names_there_is_the_text_and_its_outcome() -> None:
    (made,) = release(TEXT, ROLES, frozenset())
    assert isinstance(made, ReleaseMade)
    assert (made.sponsors, made.parties, made.statements) == ((), (), ())
    assert (made.outcome, made.reached, made.format) == (ReleasedOutcome.ADOPTED, REACHED, PLENARY)


def test_a_statement_whose_words_are_withheld_stays_a_statement() -> None:
    withheld = Roles((), (), (replace(OF_CHINA, text={}),))
    (made,) = release(TEXT, withheld, MEMBERS)
    assert isinstance(made, ReleaseMade)
    assert made.statements == (NamedStatement(1, CHN, "explanation-of-position", None, ()),)


@pytest.mark.parametrize(("protected", "named"), [(False, {JPN, KOR, USA}), (True, set[DelegationCode]())])
def test_under_the_chatham_house_rule_one_is_named_only_with_all_others(protected: bool, named: set[DelegationCode]) -> None:
    assert may_be_named(WILLING, MEMBERS, protected=protected) == named
    assert may_be_named({**WILLING, CHN: True}, MEMBERS, protected=protected) == MEMBERS


@given(CONSENTS, st.booleans())
def test_who_does_not_consent_is_in_nothing_that_is_recorded(consents: dict[DelegationCode, bool], protected: bool) -> None:
    named = may_be_named(consents, MEMBERS, protected=protected)
    recorded = f"{release(TEXT, ROLES, named)}"
    assert not any(code in recorded for code, willing in consents.items() if not willing)


def test_a_release_is_what_was_made_with_its_words() -> None:
    made, *words = release(TEXT, ROLES, frozenset({CHN}))
    assert isinstance(made, ReleaseMade)
    folded = scenario.given(made, *words).state(Release)
    assert folded == Release(ReleaseId(an_id("release")), made, at("09:00"), {1: {EN: "In its own interest."}})
