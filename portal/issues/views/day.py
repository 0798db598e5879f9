"""When a plan is held: said or changed by those whose plan it is."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.dossiers.queries import Planned, clashes, dossier
from portal.issues import commands, texts
from portal.issues.forms import DayForm
from portal.issues.policy import Do
from portal.issues.views.blueprint import issues
from portal.kernel.policy import require
from portal.web.responses import done, invalid, page
from portal.web.visitor import me


@issues.route("/d/<ref>/day", methods=["GET", "POST"])
def day(ref: str) -> Response:
    plan = dossier(me(), ref)
    require(me(), Do.SET_DAY, plan)
    form = DayForm.of(plan.begins_at, plan.ends_at)
    near = [(clash.dossier, texts.clash(clash)) for clash in clashes(Planned.of(plan))]
    if not form.is_submitted():
        return page("issues/day.html", form=form, plan=plan, clashes=near)
    if not form.validate():
        return invalid("issues/day.html", form=form, plan=plan, clashes=near)
    commands.set_day(me(), plan, once=form.once.data, **form.day)
    return done(url_for(".day", ref=plan.ref), _("Saved."))
