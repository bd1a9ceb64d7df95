// The newest finished study: its chart, its table, what it means and what it starts from.

import { ask, element, failure } from "/static/api.js";
import { plot } from "/static/chart.js";
import { either, number, percent, say } from "/static/text.js";

const QUERY = `query Study {
  studies(first: 20) {
    nodes { state progress asOf years replications seed territory { name code }
      taken { what { en zh } value source { en zh } assumed }
      outcome {
        indicators { code unit kind name { en zh } meaning { en zh } }
        findings { en zh }
        scenarios { title { en zh } changes { en zh }
          curves { indicator years { mean low high } whole { mean low high } }
          differences { indicator whole { mean low high } certain }
        }
      }
    }
  }
}`;

const PLOTTED = ["occupancy", "nursing_occupancy", "waiting", "misplaced"];
const TABLED = ["occupancy", "nursing_occupancy", "waiting", "waiting_nursing", "placed", "died_waiting", "misplaced", "wait_days"];
const XIAOSHAN = "330109000000";
const WAIT_MILLISECONDS = 3_000;
let answer;

/** Show the study in the page's language; one that is still being computed is asked for again. */
export async function showStudy() {
  const place = document.getElementById("study");
  try {
    answer ??= await ask(QUERY);
    const studies = answer.studies.nodes.filter((study) => study.territory?.code === XIAOSHAN);
    const done = studies.find((study) => study.outcome);
    const going = studies.find((study) => study.state === "RUNNING" || study.state === "QUEUED");
    if (!done && going) again();
    place.replaceChildren(done ? shown(done) : waiting(going));
  } catch (error) {
    place.replaceChildren(failure(error));
  }
}

/** Fetch the studies anew the next time. */
export const forgetStudy = () => { answer = undefined; };

function again() {
  answer = undefined;
  setTimeout(showStudy, WAIT_MILLISECONDS);
}

function waiting(study) {
  const text = study ? `${say("scenario.running")} · ${percent(study.progress, 0)}` : say("scenario.none");
  return element("div", { class: "card quiet" }, text);
}

const both = (text) => either(text.zh, text.en);

/** A value of an indicator as people write it. */
function written(unit, value, signed = false) {
  if (value === null || value === undefined) return "–";
  const sign = signed && value > 0 ? "+" : "";
  return sign + (unit === "share" ? percent(value) : number(value, unit === "beds" ? 0 : 1));
}

function shown(study) {
  const { outcome } = study;
  const indicator = (code) => outcome.indicators.find((each) => each.code === code);
  const years = either(`${study.years} 年`, `${study.years} years`);
  const head = [study.territory?.name, study.asOf, years, either(`${study.replications} 次配对重复`, `${study.replications} paired replications`), either(`种子 ${study.seed}`, `seed ${study.seed}`)];
  return element(
    "div",
    { class: "card" },
    element("p", { class: "quiet" }, head.filter(Boolean).join(" · ")),
    element("ul", { class: "legend" }, outcome.scenarios.map((each, index) => element("li", { class: `s${index % 6}`, title: each.changes.map(both).join("; ") }, both(each.title)))),
    element("div", { class: "plots" }, PLOTTED.map(indicator).filter(Boolean).map((each) => curves(study, each))),
    element("p", { class: "quiet" }, say("scenario.band")),
    element("p", { class: "quiet caption" }, say("scenario.table")),
    element("div", { class: "scroll", tabindex: "0" }, table(outcome, TABLED.map(indicator).filter(Boolean))),
    element("ul", { class: "findings" }, outcome.findings.map((each) => element("li", {}, both(each)))),
    element("details", {}, element("summary", {}, say("scenario.taken")), element("ul", {}, study.taken.map(taken))),
  );
}

function curves(study, indicator) {
  const first = Number(study.asOf.slice(0, 4));
  const lines = study.outcome.scenarios.map((scenario) => ({
    name: both(scenario.title),
    points: scenario.curves
      .find((curve) => curve.indicator === indicator.code)
      .years.map((each, index) => ({ x: first + index, mean: each.mean, low: each.low ?? each.mean, high: each.high ?? each.mean }))
      .filter((each) => each.mean !== null),
  }));
  const form = (value, whole) => (indicator.unit === "share" ? percent(value, whole ? 0 : 1) : number(value, whole && Number.isInteger(value) ? 0 : 1));
  return plot(both(indicator.name), lines, form);
}

function table(outcome, indicators) {
  const head = element("tr", {}, element("th", {}, say("scenario.indicator")), outcome.scenarios.map((each) => element("th", { scope: "col" }, both(each.title))));
  const rows = indicators.map((indicator) => {
    const cells = outcome.scenarios.map((scenario) => element("td", {}, ...cell(scenario, indicator)));
    return element("tr", {}, element("th", { scope: "row", title: both(indicator.meaning) }, both(indicator.name)), cells);
  });
  return element("table", {}, element("thead", {}, head), element("tbody", {}, rows));
}

/** A level at the start and at the end, or a sum; behind it half its interval, and the difference to the base where one stands. */
function cell(scenario, indicator) {
  const { years, whole } = scenario.curves.find((curve) => curve.indicator === indicator.code);
  const start = indicator.kind === "level" && years[0].mean !== null ? `${written(indicator.unit, years[0].mean)} → ` : "";
  const half = whole.high === null || whole.high === whole.low ? "" : ` ±${written(indicator.unit, (whole.high - whole.low) / 2)}`;
  const difference = scenario.differences.find((each) => each.indicator === indicator.code);
  const against = difference?.certain ? ` (${written(indicator.unit, difference.whole.mean, true)})` : "";
  return [start + written(indicator.unit, whole.mean), element("small", {}, half + against)];
}

function taken(line) {
  const mark = line.assumed ? ` (${say("scenario.assumed")})` : "";
  return element("li", {}, `${both(line.what)}: ${line.value} – ${both(line.source)}${mark}`);
}
