"""Which screens there are pictures of: the demo as everybody meets it, and what has to be set up first."""

from pathlib import Path

from playwright.sync_api import Page

from tests.live import becomes
from tests.screens.studio import Screen

PHOTO = Path(__file__).parent.parent.parent / "portal" / "demo" / "data" / "photos" / "plaskruis.jpg"


def photo(page: Page) -> None:
    page.set_input_files("main input[type=file]", PHOTO)
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/where")


def photos(page: Page) -> None:
    photo(page)
    page.goto("/report/photo")


def cover(page: Page) -> None:
    photos(page)
    page.locator("main form button[value^=cover]").first.click()
    page.wait_for_url("**/report/photos/*")


def where(page: Page) -> None:
    photo(page)
    page.fill("#place", "Kraaien")
    page.locator("#issues-matches label").first.wait_for()


def tell(page: Page, title: str) -> None:
    where(page)
    page.locator("#issues-matches input[type=radio]").first.check()
    page.locator("main button.lamp").click()
    page.wait_for_url("**/report/what")
    page.fill("#title", title)


def what(page: Page) -> None:
    tell(page, "De prullenbak bij de metro is weg")
    page.locator("input[name=likely]").first.wait_for()


def signpost(page: Page) -> None:
    tell(page, "Er is brand in de kelder")
    page.locator("details.more summary").click()
    page.select_option("#category", index=1)
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/report/signpost")


def send(page: Page) -> None:
    what(page)
    page.get_by_label("Afvalbak weg of vol").check()
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/report/send")


def thanks(page: Page) -> None:
    send(page)
    page.fill("#name", "Buurvrouw van de zesde")
    page.fill("#email", "zesde@kbuurt.example")
    page.locator("main form button.lamp").last.click()
    page.wait_for_url("**/report/thanks")


def waiting(page: Page) -> None:
    """A report that waits on the device for the network."""
    page.goto("/report/offline", referer=page.url)  # the second page is the one that makes the device ready
    becomes(page, "navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.fill("#title", "De lamp bij de ingang van Kempering is uit")
    page.fill("#place", "Bij de achterdeur van Kempering")
    page.fill("#name", "Buurvrouw van de zesde")
    page.fill("#email", "zesde@kbuurt.example")
    page.locator("main form button.lamp").first.click()
    page.wait_for_url("**/outbox")
    page.locator("main .outbox li").first.wait_for()


def nothing_waits(page: Page) -> None:
    page.goto("/outbox", referer=page.url)
    page.locator("[data-none]").wait_for()


def filters(page: Page) -> None:
    if page.locator("button[popovertarget=filters]").first.is_visible():
        page.locator("button[popovertarget=filters]").first.click()


def table(page: Page) -> None:
    page.locator(".breadth summary").first.click()


def helped(page: Page) -> None:
    """Somebody else on each size of screen: who signed once is asked about."""
    size = page.viewport_size
    page.fill("#name", "Mevrouw van de derde" if size and size["width"] > 1000 else "Mevrouw van de vierde")
    page.check("#heard")
    page.locator("main form button.lamp").click()
    page.locator(".slip").wait_for()


def promised(page: Page) -> None:
    page.locator("a[href$='/promises']").first.click()
    page.wait_for_url("**/promises")


SEND, LOOK = "main form button.lamp", "#assistance-receipt button"
FIRST = "#dossiers-list a[href^='/d/']"
DEMO = [
    Screen("home", "/"),
    Screen("home-whole", "/", whole=True),
    Screen("neighbourhood", "/n/TH04", whole=True),
    Screen("list", "/dossiers"),
    Screen("list-filters", "/dossiers", walk=filters),
    Screen("list-empty", "/dossiers?q=olifantenpad"),
    Screen("map", "/map"),
    Screen("map-pick", "/map/pick"),
    Screen("urinal", "/dossiers?q=plaskruis&kind=issue", follow=FIRST, whole=True),
    Screen("platform-right", "/dossiers?q=buurtplatformrecht", follow=FIRST, whole=True),
    Screen("petition", "/dossiers?q=prullenbakken&kind=petition", follow=FIRST, whole=True),
    Screen("breadth", "/dossiers?q=trapveld&kind=petition", follow=FIRST, walk=table, part=".breadth"),
    Screen("report-photo", "/report/photo"),
    Screen("report-photos", "/report/photo", walk=photos, whole=True),
    Screen("report-cover", "/report/photo", walk=cover, whole=True),
    Screen("report-where", "/report/photo", walk=where, whole=True),
    Screen("report-what", "/report/photo", walk=what, whole=True),
    Screen("report-signpost", "/report/photo", walk=signpost),
    Screen("report-send", "/report/photo", walk=send, whole=True),
    Screen("report-thanks", "/report/photo", walk=thanks),
    Screen("report-offline", "/report/offline", whole=True),
    Screen("outbox", "/outbox", walk=nothing_waits, own_network=True),
    Screen("outbox-waiting", "/report/offline", walk=waiting, own_network=True),
    Screen("sign-in", "/sign-in"),
    Screen("sign-in-refused", "/sign-in", press=SEND),
    Screen("sign-in-mail", "/sign-in", typed={"#email": "nieuw@kbuurt.example"}, press=SEND),
    Screen("receipt", "/receipt"),
    Screen("not-found", "/nowhere"),
    Screen("styleguide", "/styleguide", whole=True),
    Screen("me", "/me", "neighbour", whole=True),
    Screen("me-erase", "/me/erase", "neighbour"),
    Screen("forbidden", "/moderation", "neighbour"),
    Screen("desk", "/desk", "organiser"),
    Screen("new-petition", "/petitions/new", "organiser", whole=True),
    Screen("sheets-none", "/sheets", "organiser"),
    Screen("urinal-promise", "/dossiers?q=plaskruis&kind=issue", follow=FIRST, walk=promised, whole=True),
    Screen("motion", "/dossiers?q=buurtplatformrecht", follow=FIRST, walk=promised, whole=True),
    Screen("ledgers", "/ledger", whole=True),
    Screen("ledger", "/ledger/a/demo_stadsdeel", whole=True),
    Screen("ledger-letter", "/ledger/a/stadsdeel", whole=True),
    Screen("terms", "/terms/demo_stadsdeel", whole=True),
    Screen("staff", "/staff", "official"),
    Screen("staff-case", "/staff", "official", follow="a[href^='/staff/K-']", whole=True),
    Screen("staff-flow", "/authorities/demo_stadsdeel/flow", "official", whole=True),
    Screen("staff-routing", "/authorities/demo_stadsdeel/routing", "official", whole=True),
    Screen("staff-teams", "/authorities/demo_stadsdeel/teams", "official"),
    Screen("answer-templates", "/staff/templates", "official", whole=True),
    Screen("answer-several", "/staff/several", "official"),
    Screen("mail-pen", "/mail", "moderator"),
    Screen("calendar", "/calendar/demo_stadsdeel", "official"),
    Screen("contested", "/dossiers?q=lift+Kruitberg", follow=FIRST, whole=True),
    Screen("answer", "/staff", "official", follow="a[href^='/staff/K-']"),
    Screen("committee", "/committee", "member"),
    Screen("moderation", "/moderation", "moderator"),
]
SET_UP = [
    Screen("sign-in-link", "/in/{in}"),
    Screen("signature-pending", "/s/{pending}"),
    Screen("signature", "/s/{signed}", whole=True),
    Screen("report-confirm", "/r/{report}"),
    Screen("consent", "/c/{consent}", whole=True),
    Screen("consent-own", "/d/{asked}/consent/{part}", "neighbour", whole=True),
    Screen("move", "/move/{move}"),
    Screen("stand", "/d/{bus}/stand/{stand}", whole=True),
    Screen("stand-over", "/d/{bus}/stand/{over}"),
    Screen("receipt-open", "/receipt", typed={"#code": "{code}"}, press=LOOK, whole=True),
    Screen("take-over", "/take-over/{take_over}"),
    Screen("me-helper", "/me", "neighbour", whole=True),
    Screen("help", "/help", "neighbour", whole=True),
    Screen("help-sign", "/help/sign/{bus}", "neighbour", whole=True),
    Screen("help-given", "/help/sign/{bus}", "neighbour", walk=helped, whole=True),
    Screen("help-report", "/help/report", "neighbour", whole=True),
    Screen("helpers", "/desk/helpers", "organiser", whole=True),
    Screen("draft", "/d/{draft}", "organiser", whole=True),
    Screen("draft-edit", "/d/{draft}/edit", "organiser", whole=True),
    Screen("draft-invite", "/d/{draft}/invite", "organiser", whole=True),
    Screen("take-apart", "/d/{draft}/take-apart", "organiser"),
    Screen("petition-own", "/d/{bus}", "organiser", whole=True),
    Screen("succession", "/d/{old}", whole=True),
    Screen("successor", "/d/{bus}/successor", "organiser"),
    Screen("tell", "/d/{bus}/tell", "organiser"),
    Screen("hand-over", "/d/{bus}/hand_over", "organiser", whole=True),
    Screen("withdraw", "/d/{bus}/withdraw", "organiser"),
    Screen("solve", "/d/{square}/solve", "organiser"),
    Screen("reopen", "/d/{done}/reopen", "organiser"),
    Screen("written-down", "/d/{square}/written-down?kind=promise", "organiser", whole=True),
    Screen("print", "/d/{bus}/print", "organiser", whole=True),
    Screen("print-order", "/d/{bus}/print?piece=sheets", "organiser", whole=True),
    Screen("print-ready", "/prints/{job}", "organiser"),
    Screen("sheets", "/sheets?of={bus}", "organiser", whole=True),
    Screen("sheets-wrong", "/sheets?code=7F3K", "organiser"),
    Screen("sheet", "/sheets/{printed}", "organiser"),
    Screen("sheet-typing", "/sheets/{typing}", "organiser", whole=True),
    Screen("sheet-compare", "/sheets/{closed}", "organiser", whole=True),
    Screen("sheet-reopen", "/sheets/{closed}/reopen", "organiser"),
    Screen("sheet-photo", "/sheets/{typing}/photo", "organiser"),
    Screen("stands", "/d/{bus}/stands", "organiser", whole=True),
    Screen("integrity", "/d/{bus}/integrity", "moderator", whole=True),
    Screen("strike", "/d/{bus}/integrity/preview?{crowd}", "moderator", whole=True),
    Screen("strike-undo", "/d/{bus}/integrity/strikes/{strike}/undo", "moderator"),
    Screen("held", "/d/{bus}/held", "moderator"),
    Screen("hide", "/d/{bus}/hide", "moderator"),
    Screen("unhide", "/d/{hidden}/unhide", "moderator"),
    Screen("moderation-held", "/moderation", "moderator", whole=True),
    Screen("answer-write", "/staff/{square}/answer?kind=promise", "official", whole=True),
    Screen("note", "/staff/{square}/notes", "official"),
    Screen("long-list", "/dossiers?q=bromfietsparkeerplaatsen", whole=True),
    Screen("long-none", "/d/{none}", whole=True),
    Screen("long-one", "/d/{one}", whole=True),
    Screen("long-million", "/d/{most}", whole=True),
]
