"""What people did about a gap: it belongs to the rule, and to the instance if one is named."""

from collections.abc import Callable
from typing import Any

Given = Callable[..., Any]


def test_d5_only_what_names_the_rule_and_this_instance_or_none_was_done_about_it(
    given: Given,
) -> None:
    past = given(
        "ChildBorn 2015-05-10 id=k",
        "AssignedToMunicipality 2025-03-03 id=a",
        "GapAcknowledged 2025-04-02 id=whole rule=M01",
        "GapAcknowledged 2025-04-03 id=this rule=M01 key=a+k",
        "GapAcknowledged 2025-04-04 id=sibling rule=M01 key=a+l",
        "GapAcknowledged 2025-04-05 id=other rule=M02 key=a+k",
        "GapAcknowledged 2025-04-06 id=another rule=M02",
    )
    assert [one.fact for one in past.only("M01").handled] == ["whole", "this"]
