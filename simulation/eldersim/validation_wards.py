"""Translates the published model of two wards with unlimited beds: the chance of delay for a number of beds, apart or shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eldersim.laws import Law, law
from eldersim.network import Group, Network, Place, Stream
from eldersim.network_observed import Where
from eldersim.rates import Rate
from eldersim.validation_case import Case, leaves, left_out
from eldersim.validation_runs import Measure, Question, Setting
from eldersim.validation_stations import Asked

ACUTE, REHAB = Where(places=(0,)), Where(places=(1,))
LOADS = {"load_acute_A": ("A", ACUTE), "load_acute_B": ("B", ACUTE), "load_rehab": ("A", REHAB)}


def ask_wards(case: Case) -> Asked:
    """The exact answers of the case, and the published tables, against simulated occupancy."""
    warmup, horizon = float(case.run["warmup"]), float(case.run["horizon"])
    wards = {
        "A": ward_network(case.model, "A"),
        "B": ward_network(case.model, "B"),
        "A5": ward_network(case.model, "A", factor=1.05),
        "B5": ward_network(case.model, "B", factor=1.05),
        "An": ward_network(case.model, "A", without="complex_neuro"),
        "Bn": ward_network(case.model, "B", without="complex_neuro"),
    }
    asked = Asked({name: Setting(network, warmup, horizon) for name, network in wards.items()})
    for leaf, value in _rows(case.expected):
        _ask(case, asked, leaf, value)
    return asked


def _rows(expected: Mapping[Any, Any]) -> list[tuple[tuple[str, ...], Any]]:
    """Every number; pairs (acute, rehab) become two."""
    found: list[tuple[tuple[str, ...], Any]] = []
    for leaf, value in leaves(expected):
        if isinstance(value, list):
            found.extend(((*leaf, ward), item) for ward, item in zip(("acute", "rehab"), value, strict=True))
        else:
            found.append((leaf, value))
    return found


def ward_network(model: Mapping[str, Any], assumption: str, *, factor: float = 1.0, without: str = "") -> Network:
    """Acute and rehabilitation wards without limit; each kind of patient goes on, home with support, or elsewhere."""
    groups = []
    for kind, mean in model["acute_interarrival_mean"].items():
        if kind == without:
            continue
        direct = model["rehab_direct_interarrival_mean"].get(kind)
        streams = [("acute", factor / float(mean))] + ([("rehab", factor / float(direct))] if direct else [])
        groups.extend(_by_destination(model, str(kind), streams, assumption))
    return Network((Place("acute", None), Place("rehab", None)), tuple(groups))


def _by_destination(
    model: Mapping[str, Any], kind: str, streams: list[tuple[str, float]], assumption: str
) -> list[Group]:
    """One group for each way through the wards, because the stay depends on where a patient goes."""
    onward, groups = model["routing_from_acute"][kind], []
    after = {way: float(chance) for way, chance in model["routing_from_rehab"][kind].items() if float(chance) > 0}
    for way, chance in onward.items():
        acute = _acute_stay(model, kind, str(way), assumption)
        for last, share in after.items() if way == "rehab" else [("", 1.0)]:
            stays = {"acute": acute, "rehab": _rehab_stay(model, kind, last)}
            routing = {"acute": {"rehab": 1.0}} if way == "rehab" else {}
            stream = Stream("acute", rate=Rate(repr(streams[0][1] * float(chance) * share)))
            groups.append(Group(f"{kind}-{way}-{last}", (stream,), stays, routing=routing))
    for place, rate in streams[1:]:
        groups.extend(
            Group(
                f"{kind}-direct-{last}",
                (Stream(place, rate=Rate(repr(rate * share))),),
                {place: _rehab_stay(model, kind, last)},
            )
            for last, share in after.items()
        )
    return groups


def _acute_stay(model: Mapping[str, Any], kind: str, way: str, assumption: str) -> Law:
    if kind != "stroke":
        return law(model["acute_los"][kind])
    dies = way == "other" and assumption == "A"
    return law(model["acute_los"]["stroke_esd" if way == "esd" else "stroke_mortality" if dies else "stroke_no_esd"])


def _rehab_stay(model: Mapping[str, Any], kind: str, way: str) -> Law:
    return law(model["rehab_los"][kind if kind != "stroke" else "stroke_esd" if way == "esd" else "stroke_no_esd"])


def _ask(case: Case, asked: Asked, leaf: tuple[str, ...], value: Any) -> None:
    table = leaf[1] if leaf[0] == "exact" else ".".join(leaf[1:-1])
    exact = leaf[0] == "exact"
    band = float(case.tolerance["against_exact_absolute" if exact else "against_published_absolute"])
    pooled = float(case.tolerance.get("pooled_rows_absolute", band))
    if table in LOADS:
        setting, where = LOADS[table]
        asked.questions.append(Question(leaf, float(value), band, ((setting, Measure("occupied", where)),)))
    elif "pool" in table or "table3" in table.replace("supplementary_table3", ""):
        _ask_pool(case, asked, leaf, value, table, band if exact else pooled)
    else:
        _ask_ward(case, asked, leaf, value, table, band)


def _ask_ward(case: Case, asked: Asked, leaf: tuple[str, ...], value: Any, table: str, band: float) -> None:
    """The chance of delay with a number of beds in one ward: P(N = n) / P(N <= n)."""
    where = ACUTE if "acute" in table else REHAB
    assumption = "A" if table.endswith("_A") or "150_reps" in table else "B"
    change = "5" if "plus5" in table else "n" if "no_neuro" in table else ""
    if "1_in_n" in table or "ring_fenced" in table or not leaf[-1].isdigit():
        asked.rows.append(left_out(case, leaf, value, "a reciprocal, or a table whose model the case does not give"))
    elif table.endswith("rehab_no_neuro") and leaf[-1] == "12" and leaf[0] == "published":
        asked.rows.append(left_out(case, leaf, value, "a misprint of the paper, as the case notes"))
    else:
        part = (assumption + change, Measure("loss_seen", where, float(leaf[-1])))
        asked.questions.append(Question(leaf, float(value), band, (part,)))


def _ask_pool(case: Case, asked: Asked, leaf: tuple[str, ...], value: Any, table: str, band: float) -> None:
    """Beds set aside for each ward and shared ones, as acute/rehab/shared; all shared is one ward."""
    whole = [word for word in leaf if word.startswith("full_pool_")]
    split = next((word for word in leaf if word.count("/") == 2), None)
    beds = [0, 0, int(whole[0].split("_")[2])] if whole else [int(part) for part in (split or "0/0/0").split("/")]
    asker = 1 if leaf[-1] == "rehab" else 0
    if "true_loss" in table:
        name = f"loss {split}"
        asked.settings.setdefault(name, replace(asked.settings["A"], network=_loss_network(case.model, beds)))
        groups = tuple(
            i
            for i, group in enumerate(asked.settings[name].network.groups)
            if group.name.startswith(("acute", "rehab")[asker])
        )
        part = (name, Measure("share_refused", Where(groups=groups)))
    elif beds[:2] == [0, 0]:
        part = ("A", Measure("loss_seen", Where(), float(beds[2])))
    elif beds[2] == 0:
        part = ("A", Measure("loss_seen", (ACUTE, REHAB)[asker], float(beds[asker])))
    else:
        part = ("A", Measure("pool_exhausted", Where(), (*beds, asker)))
    asked.questions.append(Question(leaf, float(value), band, (part,)))


def _loss_network(model: Mapping[str, Any], beds: list[int]) -> Network:
    """The same demand where who finds no bed of the ward nor a shared one is lost; the wards' streams are taken as independent."""
    places = (
        Place("acute", ((0.0, beds[0]),), room=0, overflow="shared"),
        Place("rehab", ((0.0, beds[1]),), room=0, overflow="shared"),
        Place("shared", ((0.0, beds[2]),), room=0),
    )
    groups = []
    for group in ward_network(model, "A").groups:
        for ward in ("acute", "rehab"):
            if group.streams[0].place == ward or (ward == "rehab" and "acute" in group.routing):
                stay = group.stays[ward]
                groups.append(
                    Group(
                        f"{ward} {group.name}", (replace(group.streams[0], place=ward),), {ward: stay, "shared": stay}
                    )
                )
    return Network(places, tuple(groups))
