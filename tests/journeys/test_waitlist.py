"""A full activity: waiting, a place comes free, yes; then it moves and is called off, each told once."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from lianxin.activities.models import Activity
from lianxin.activities.testing import activity_made, pool_of, session_of, time_made
from lianxin.allocation.api import recount_of
from lianxin.notify.testing import letters_to
from lianxin.ui.testing import Look


def told(stage, who: str) -> list[str]:
    """The titles of what came into somebody's inbox about activities, the oldest first."""
    stage.wait(minutes=1)
    letters = sorted(letters_to(stage.town.account_id(who)), key=lambda one: one.created_at)
    return [one.title for one in letters if one.kind.startswith(("activity.", "allocation."))]


def sign_up(stage, who: str, activity: Activity, stands: str) -> Page:
    """Find the activity in the list and ask for a place, with one tap."""
    page: Page = stage.person(who, Look(360))
    page.goto("/activities/")
    page.get_by_role("link", name=activity.title).click()
    stage.show(page, f"waitlist-{who}-activity")
    page.locator("form[data-rush] button.primary").click()
    page.wait_for_url("**/places/mine/**")
    expect(page.locator("main")).to_contain_text(stands)
    return page


def test_who_waits_says_yes_and_hears_of_every_change_once(stage) -> None:
    """Takes longer than five seconds: three people in a browser, one story from end to end."""
    activity = activity_made(stage.town.organisation("yangtze"), times=[time_made(3, capacity=1)])
    session = session_of(activity)
    lin = sign_up(stage, "lin", activity, "您有1个名额")
    zhao = sign_up(stage, "zhao", activity, "候补第1位")
    assert told(stage, "zhao") == []

    # Lin cannot come. The next in line is asked in the same breath, and says yes.
    lin.get_by_text("我来不了").click()
    lin.get_by_role("button", name="退回名额").click()
    assert len(told(stage, "zhao")) == 1
    zhao.goto("/")
    stage.show(zhao, "waitlist-home")
    zhao.locator("main a.card").filter(has_text=activity.title).click()
    zhao.get_by_role("button", name="要，我来").click()
    expect(zhao.locator("img.code")).to_be_visible()
    stage.show(zhao, "waitlist-ticket")

    # The officer moves it; whoever holds a place hears it once, whoever gave hers back does not.
    lin_before, zhao_before = told(stage, "lin"), told(stage, "zhao")
    wang = stage.person("wang")
    wang.goto(f"/desk/activities/sessions/{session.pk}/")
    wang.get_by_role("link", name="更改", exact=True).click()
    wang.locator("#id_own_place").fill("二号馆")
    wang.get_by_role("button", name="保存并通知大家").click()
    assert told(stage, "zhao") == [*zhao_before, f"有变动：{activity.title}"]
    assert told(stage, "lin") == lin_before
    zhao.goto(f"/activities/{activity.pk}/{session.pk}/")
    expect(zhao.locator("main")).to_contain_text("二号馆")
    stage.show(zhao, "waitlist-changed")

    # Then it is called off: why, once.
    wang.goto(f"/desk/activities/sessions/{session.pk}/")
    wang.get_by_role("link", name="取消这一项").click()
    wang.locator("#id_words").fill("馆里停电")
    stage.show(wang, "waitlist-off")
    wang.locator("main button.primary").click()
    assert told(stage, "zhao")[len(zhao_before) + 1 :] == [f"已取消：{activity.title}"]
    zhao.reload()
    expect(zhao.locator("main")).to_contain_text("馆里停电")
    assert recount_of(pool_of(activity).pk).faults == []
