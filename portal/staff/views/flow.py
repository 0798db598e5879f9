"""Workload and flow of an authority, as charts and as a file."""

from flask import make_response
from flask_login import login_required
from werkzeug import Response

from portal.accounts.queries import organisation as authority
from portal.staff import queries
from portal.staff.drawing import as_csv, charts
from portal.staff.views.blueprint import staff
from portal.web.responses import page
from portal.web.visitor import me


@staff.get("/authorities/<key>/flow")
@login_required
def flow(key: str) -> Response:
    organisation = authority(key)
    found = queries.flow(me(), organisation)
    return page("staff/flow.html", organisation=organisation, flow=found, charts=charts(found))


@staff.get("/authorities/<key>/flow.csv")
@login_required
def flow_csv(key: str) -> Response:
    answer = make_response(as_csv(charts(queries.flow(me(), authority(key)))))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
