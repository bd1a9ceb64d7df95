"""Returns as files to take away: CSV and XLSX by the id of an edition, with the name of the one who takes them."""

import asyncio
from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eldercare.api import ids
from eldercare.kit.errors import EldercareError, Forbidden, InvalidInput, NotFound
from eldercare.reporting.files import Printed, to_csv, to_xlsx
from eldercare.security.principal import Principal
from eldercare.web.authentication import Authenticate, Turned
from eldercare.web.guard import error_body

Printing = Callable[[int, Principal, str], Printed]
"""The edition of a key as paper, for a viewer, in a form; it is put on the audit trail."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
STATUS: dict[type[EldercareError], int] = {NotFound: 404, Forbidden: 403}


def export_routes(printing: Printing, authenticate: Authenticate) -> list[Route]:
    """The route of the files of returns."""

    async def edition(request: Request) -> Response:
        try:
            headers = {name: str(value, "latin-1") for name, value in request.scope["headers"]}
            viewer = await authenticate(headers, request.client.host if request.client else "")
            key, form = named(request.path_params["name"])
            mark = request.query_params.get("bom", "1") not in ("0", "false")
            content = await asyncio.to_thread(written, printing, key, viewer, form, mark=mark)
        except EldercareError as error:
            return told(error)
        name = f"attachment; filename*=UTF-8''{quote(request.path_params['name'])}"
        return Response(
            content, headers={"content-disposition": name, "cache-control": "no-store"}, media_type=TYPES[form]
        )

    return [Route("/returns/{name}", edition, methods=["GET"])]


def named(name: str) -> tuple[int, str]:
    """The key and the form that a file's name stands for, such as ReturnEdition_1.csv."""
    key, _, form = name.rpartition(".")
    if form not in TYPES:
        raise InvalidInput(
            "FORMAT", f"There is no format {form!r}.", remedy="Ask for /returns/{id of the edition}.csv or .xlsx."
        )
    return ids.key(key, "ReturnEdition"), form


def written(printing: Printing, key: int, viewer: Principal, form: str, *, mark: bool) -> bytes:
    """The content of the file."""
    printed = printing(key, viewer, form)
    return to_xlsx(printed) if form == "xlsx" else to_csv(printed, bom=mark)


def told(error: EldercareError) -> Response:
    """A refusal in the shape every error has on the wire."""
    status = error.status if isinstance(error, Turned) else STATUS.get(type(error), 400)
    headers = error.headers if isinstance(error, Turned) else {}
    body = error_body(error.code, error.message, error.remedy)
    return Response(body, status_code=status, headers=headers, media_type="application/json")
