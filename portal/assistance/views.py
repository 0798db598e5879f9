"""Pages on which a trusted resident helps, on which an organisation looks after its helpers, and /receipt."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.accounts.models import Organisation
from portal.assistance import (  # own_data and panels register themselves
    cards,
    codes,
    commands,
    own_data,
    panels,  # noqa: F401
    queries,
    texts,
)
from portal.assistance.forms import (
    SAME,
    CodeForm,
    HelpForm,
    MandateForm,
    NameForm,
    ReportForForm,
    SignForForm,
    StopForm,
    TakeOverForm,
)
from portal.assistance.models import Mandate, Receipt
from portal.assistance.policy import Do
from portal.dossiers.forms import ButtonForm
from portal.dossiers.models import Dossier
from portal.dossiers.policy import Do as DossierDo
from portal.dossiers.queries import dossier as find
from portal.kernel.clock import now
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.policy import NOBODY, allowed, require
from portal.kernel.tickets import For, ticket
from portal.similar.queries import suggest
from portal.ties.models import Says
from portal.ties.texts import reason
from portal.ties.views import join_instead
from portal.web import tracing
from portal.web.forms import strip
from portal.web.paging import Paging
from portal.web.responses import done, invalid, page
from portal.web.visitor import locale, me

assistance = Blueprint("assistance", __name__)
CHOICES, RECEIPT = "assistance/_choices.html", "assistance/_receipt.html"
REPORT, SIMILAR = "assistance/report.html", "ties/_similar.html"
SHOWN_AGAIN = timedelta(minutes=10)
"""So long the same submit, sent again because the answer got lost, shows the code again."""
Made = tuple[Receipt, str]
"""A receipt, and the key of the submit that its code follows from."""


def whose() -> str:
    """The key of the organisation that the address names; the first one when it names none."""
    return strip(request.values.get("as"))


def at(endpoint: str, organisation: Organisation) -> str:
    given: dict[str, Any] = {"as": organisation.key}
    return url_for(endpoint, **given)


def trusted(dossier: Dossier | None = None) -> Mandate:
    """The mandate with which the visitor helps. A form that was sent is refused only once it is read."""
    mandate = queries.mandate_for(me(), whose())
    if request.method == "GET":
        require(me(), Do.HELP, mandate)
    if request.method == "GET" and dossier is not None:
        require(me(), DossierDo.SIGN, dossier)
    return mandate


@assistance.get("/help")
def index() -> Response:
    mandate, words = trusted(), strip(request.args.get("q"))
    others = [other for other in own_data.mandates_of(me()) if other.works]
    found = queries.to_sign(mandate.organisation, words, request.args.get("page", 1, int))
    paging = Paging(found, ".index", {"as": mandate.organisation.key, "q": words})
    context: dict[str, Any] = {"mandate": mandate, "others": others, "found": found, "words": words}
    context |= {"today": queries.helped_today(mandate), "paging": paging}
    return page("assistance/index.html", CHOICES, **context)


@assistance.route("/help/sign/<ref>", methods=["GET", "POST"])
def sign(ref: str) -> Response:
    dossier = find(me(), ref)
    mandate = trusted(dossier)
    form = SignForForm().choose(mandate.organisation)
    if form.is_submitted() and form.twice.data == SAME and allowed(me(), Do.HELP, mandate):
        return done(at(".index", mandate.organisation), _("Nothing was added: they count already."))

    def act() -> Made:
        key = form.key(str(dossier.ref))
        return commands.sign_for(me(), mandate, once=key, dossier=dossier, **_kept(key), **form.given), key

    consents = texts.CONSENTS[texts.SIGN]
    return _helped("assistance/sign.html", form, mandate, act, dossier=dossier, consents=consents)


@assistance.route("/help/report", methods=["GET", "POST"])
def report() -> Response:
    mandate = trusted()
    form = ReportForForm().choose(mandate.organisation)
    context = {"consents": texts.CONSENTS[texts.REPORT], **alike(form, mandate)}
    if form.is_submitted() and allowed(me(), Do.HELP, mandate):
        if form.joins:
            return instead(form, mandate)
        if form.asks or (context["unseen"] and form.validate()):
            return page(REPORT, SIMILAR, form=form, mandate=mandate, **context)

    def act() -> Made:
        given = {"told": form.told, "said": form.said, **form.common}
        return commands.report_for(me(), mandate, once=form.key, **_kept(form.key), **given), form.key

    return _helped(REPORT, form, mandate, act, **context)


def alike(form: ReportForForm, mandate: Mandate) -> dict[str, Any]:
    """What ties/_similar.html needs: what is open where they help and may be the same, and what was said."""
    found = suggest(form.sketch, form.said[Says.DIFFERENT], form.area) if form.title.data else []
    within = [one for one in found if queries.lies_within(mandate.organisation, one.dossier)]
    told = {"found": within, "said": form.said, "reason": reason, "in_form": True}
    return {"unseen": form.unseen(within), **told}


def instead(form: ReportForForm, mandate: Mandate) -> Response:
    """On to signing what is there already for the one who is helped; this form stays as it is."""

    def where(other: Dossier) -> str:
        given: dict[str, Any] = {"as": mandate.organisation.key}
        return url_for(".sign", ref=other.ref, **given)

    once, number = form.once.data[:40], form.answer.number if form.answer else 0
    return join_instead(number, form.sketch, form.area, once=once, where=where)


def _kept(key: str) -> dict[str, str]:
    """What is written down of the code of this submit, and of what was read aloud."""
    return {"code": codes.digest(codes.code_for(key)), "version": texts.CONSENT_VERSION}


def _helped(
    template: str, form: HelpForm, mandate: Mandate, act: Callable[[], Made], **context: Any
) -> Response:
    """The form; with what is wrong, and all that was typed; or the receipt."""
    context |= {"form": form, "mandate": mandate}
    if not form.is_submitted():
        return page(template, **context)
    try:
        require(me(), Do.HELP, mandate)
        made = act() if form.validate() else None
    except (Invalid, NotAllowed) as error:
        return _refused(template, error, **context)
    return _given(*made) if made else invalid(template, **context)


def _refused(
    template: str, error: Invalid | NotAllowed, *, form: HelpForm, mandate: Mandate, **context: Any
) -> Response:
    context |= {"form": form, "mandate": mandate}
    if isinstance(error, Invalid):
        form.refuse(Invalid(error.field, texts.problem(error, mandate)))
        return invalid(template, **context)
    if allowed(me(), Do.HELP, mandate):
        raise error
    form.refuse(Invalid("mandate", texts.stopped(mandate)))
    return page(template, status=403, **context)


def _given(receipt: Receipt, key: str) -> Response:
    """The one page that shows the code: it is kept nowhere, so it is in this answer or lost."""
    code = codes.code_for(key)
    fresh = receipt.made_at > now() - SHOWN_AGAIN and receipt.code_digest == codes.digest(code)
    slip = cards.slip(receipt, code) if fresh and receipt.helper_id == me().id else None
    answer = page("assistance/given.html", receipt=receipt, slip=slip, mandate=receipt.mandate)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@assistance.route("/desk/helpers", methods=["GET", "POST"])
def helpers() -> Response:
    organisation, form = queries.run_with(me(), whose()), MandateForm()
    if form.is_submitted() and form.validate():
        try:
            commands.give_mandate(me(), organisation, once=form.once.data, **form.given)
            said = _("%(name)s can help, for this term.", name=form.name.data)
            return done(at(".helpers", organisation), said)
        except Invalid as error:
            form.refuse(error)
    context: dict[str, Any] = {"form": form, "organisation": organisation, "others": queries.run_by(me())}
    context |= {"helpers": queries.helpers(organisation), "stop": StopForm(formdata=None)}
    answer = invalid if form.is_submitted() else page
    return answer("assistance/helpers.html", **context)


@assistance.post("/help/mandates/<int:mandate_id>/withdraw")
def withdraw_mandate(mandate_id: int) -> Response:
    mandate, form = queries.mandate(mandate_id), StopForm()
    reason = form.reason.data if form.validate() else ""
    commands.withdraw_mandate(me(), mandate, reason=reason)
    own = mandate.person_id == me().id
    back = url_for("accounts.me") if own else at(".helpers", mandate.organisation)
    return done(back, _("It stopped. From this minute on nothing can be done with it."))


def opened(form: CodeForm) -> Receipt | None:
    """The receipt of the code that was typed; None when the form says what is wrong."""
    code = codes.RECEIPTS.read(form.code.data)
    digest = codes.digest(code) if code else ""
    tried = commands.try_code(NOBODY, code=digest, network=tracing.home())
    if tried.wait_until is not None:
        form.refuse(Invalid("code", texts.wait(tried.wait_until)))
    elif tried.receipt is None:
        form.refuse(Invalid("code", str(texts.WRONG_CODE)))
    found: Receipt | None = tried.receipt
    return found


def _closed(form: CodeForm) -> Response:
    """Ask for the code, with what is wrong with it; also when what came of a form is loaded again."""
    if not form.is_submitted() and request.endpoint != "assistance.receipt":
        return done(url_for(".receipt"))
    typed = CodeForm(formdata=None, code=form.code.data)
    typed.code.errors = form.code.errors
    answer = invalid if form.is_submitted() else page
    return answer("assistance/receipt.html", RECEIPT, form=typed, receipt=None)


def _open(receipt: Receipt, form: CodeForm, said: str = "", status: int = 200, **more: Any) -> Response:
    """What somebody with the code sees. The code goes along in each form, and stands in no address."""
    code = codes.RECEIPTS.read(form.code.data)
    context: dict[str, Any] = {"receipt": receipt, "code": code, "said": said}
    context |= {"form": CodeForm(formdata=None), "take_over": TakeOverForm(formdata=None), "Do": Do, **more}
    context["may"] = receipt.person is not None and allowed(receipt.person, Do.WITHDRAW, receipt)
    answer = page("assistance/receipt.html", RECEIPT, status=status, **context)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@assistance.route("/receipt", methods=["GET", "POST"])
def receipt() -> Response:
    form = CodeForm()
    found = opened(form) if form.validate_on_submit() else None
    return _open(found, form) if found is not None else _closed(form)


@assistance.route("/receipt/withdraw", methods=["GET", "POST"])
def withdraw() -> Response:
    form = CodeForm()
    found = opened(form) if form.validate_on_submit() else None
    if found is None:
        return _closed(form)
    commands.withdraw(found.person or NOBODY, found, once=form.once.data)
    return _open(found, form, _("You stopped. You do not count any more."))


@assistance.route("/receipt/name", methods=["GET", "POST"])
def show_name() -> Response:
    form = NameForm()
    found = opened(form) if form.validate_on_submit() else None
    if found is None:
        return _closed(form)
    shown = bool(form.shown.data)
    commands.show_name(found.person or NOBODY, found, once=form.once.data, shown=shown)
    said = _("Your name stands on the page.") if shown else _("Your name does not stand on the page.")
    return _open(found, form, said)


@assistance.route("/receipt/take-over", methods=["GET", "POST"])
def ask_take_over() -> Response:
    form = TakeOverForm()
    right = form.validate_on_submit()
    found = opened(form) if form.code.data else None
    if found is None:
        return _closed(form)
    try:
        if right:
            commands.ask_take_over(found.person or NOBODY, found, email=form.email.data, locale=locale())
            return _open(found, form, _("Look in your mail. Open the link and press the button."))
    except Invalid as error:
        form.refuse(error)
    return _open(found, form, status=422, take_over=form)


@assistance.route("/take-over/<ticket>", methods=["GET", "POST"])
def take_over(ticket: str) -> Response:
    """The link from the mail. Mail scanners open the page; only a person presses its button."""
    asked, form = queries.take_over_by_ticket(ticket), ButtonForm()
    if asked.used_at is not None:
        return done(_own_page(asked.receipt.signature_id))
    works = allowed(NOBODY, Do.TAKE_OVER, asked)
    if not works or not form.validate_on_submit():
        status = 200 if works else 409
        return page("assistance/take_over.html", status=status, asked=asked, works=works, form=form)
    signature = commands.take_over(NOBODY, asked, once=form.once.data)
    return done(_own_page(signature.id), _("It is yours now. What you signed counts once."))


def _own_page(signature_id: int) -> str:
    return url_for("dossiers.signature", ticket=ticket(For.SIGNATURE, signature_id))
