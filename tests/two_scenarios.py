"""An outcome of two scenarios with numbers that are easy to check, for tests of what is shown of it."""

from datetime import date

from eldercare.planning.comparison import compared
from eldercare.planning.finding import findings
from eldercare.planning.indicator import indicators
from eldercare.planning.outcome import Outcome, Planned, Taken, Text, shown

MEASURED = indicators({1: ("everyone", "所有人")})
NAMES = {"occupancy": 0.25, "nursing_occupancy": 0.9, "waiting": 40.0, "waiting_nursing": 30.0}


def outcome(fewer: float = 5.0) -> Outcome:
    """Two scenarios over two years; the second has lower occupancy and `fewer` people waiting, and places more."""
    samples = []
    for luck in (0.0, 1.0, 2.0):
        base = {each.code: [NAMES.get(each.code, 10.0) + luck] * 3 for each in MEASURED}
        more = {code: [value - fewer for value in series] for code, series in base.items()}
        more["placed"] = [value + fewer for value in base["placed"]]
        for code in ("occupancy", "nursing_occupancy"):
            base[code] = [NAMES[code]] * 3
            more[code] = [NAMES[code] - 0.01] * 3
        samples.append({"base": base, "more": more})
    shows = tuple(shown(each) for each in MEASURED)
    planned = (
        Planned(name="base", title=Text(en="As it is", zh="维持现状")),
        Planned(name="more", title=Text(en="More beds", zh="增加床位")),
    )
    results = compared(samples, MEASURED)
    source = Taken(what=Text(en="Beds", zh="床位"), value="12", source=Text(en="registry", zh="登记册"), assumed=True)
    return Outcome(
        territory="990101000000",
        territory_name="Test district",
        as_of=date(2020, 5, 19),
        years=2,
        replications=3,
        seed=1,
        baseline_hash="abc",
        code_version="0",
        indicators=shows,
        scenarios=planned,
        compared=results,
        taken=(source,),
        findings=findings(planned, results, shows, 2),
    )
