"""The return on purchased home care: the same services by their kind and by what entitles the people, and what is left to them."""

from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.registry import Division
from eldercare.reporting.form import Frame
from eldercare.reporting.printing import drawn_up
from eldercare.reporting.returns_services import HOME_CARE_PURCHASE


def test_people_services_amount_and_balance_by_category(demonstration_engine: Engine) -> None:
    query = select(Division.id).where(Division.code == "130100000000", Division.valid_to.is_(None))
    with Session(demonstration_engine) as session:
        frame = Frame(session.scalars(query).one(), date(2017, 6, 1), date(2017, 7, 1), date(2017, 6, 30))
        kinds, categories = drawn_up(session, HOME_CARE_PURCHASE, frame)["tables"]
    assert [row["cells"][0] for row in categories["rows"]] == [
        "90岁以上老人", "低收入老人", "失独老人", "重度残疾老人", "社会孤老", "三无老人",
    ]  # fmt: skip
    assert categories["rows"][1]["cells"] == ["低收入老人", 9, 8, 10, "273.00", "1800.00", "9265.00"]
    assert categories["total"] == [None, 54, 40, 69, "1833.00", "15300.00", "82415.00"]
    assert (kinds["total"][1], kinds["total"][4]) == (69, "1833.00"), "both tables count the same services"
