// The registry in figures: two territories at the dates their figures were published for, counted from the records.

import { ask, element, failure } from "/static/api.js";
import { either, number, percent, say } from "/static/text.js";

const IDS = `query Territories($codes: [String!]) {
  divisions(filter: { code: { in: $codes } }) { nodes { id code } }
}`;

const QUERY = `query Figures($xiaoshan: ID!, $then: Date!, $shijiazhuang: ID!, $later: Date!, $homes: [FacilityKind!]) {
  centres: facilitySummary(filter: { within: $xiaoshan, kind: { eq: RURAL_SUPPORT_CENTER } }, asOf: $then) { count openBeds residents occupancy }
  owners: facilitySummary(groupBy: [PUBLIC], filter: { within: $shijiazhuang, kind: { in: $homes } }, asOf: $later) { public count }
  homes: facilitySummary(filter: { within: $shijiazhuang, kind: { in: $homes } }, asOf: $later) { count openBeds residents occupancy }
  counties: facilitySummary(groupBy: [COUNTY], filter: { within: $shijiazhuang, kind: { in: $homes } }, orderBy: [{ field: OPEN_BEDS, direction: DESC }], first: 4, asOf: $later) { county { name } occupancy }
  words: vocabulary(name: "GroupCategory") { terms { code zh en } }
}`;

const GROUPS = `query Groups($xiaoshan: ID!, $then: Date!) {
  groups: groupCounts(division: $xiaoshan, categories: [EXTREMELY_POOR, FAMILY_PLANNING_SPECIAL, DIBAO, LIVING_ALONE], asOf: $then) { category people }
}`;

const PUBLISHED = `query Published($xiaoshan: ID!, $then: Date!) {
  groups: publishedCounts(division: $xiaoshan, measures: [EXTREMELY_POOR, FAMILY_PLANNING_SPECIAL, DIBAO, LIVING_ALONE], asOf: $then) { category: measure people edition }
}`;

const THEN = "2020-05-19", LATER = "2018-06-30";
const XIAOSHAN = "330109000000", SHIJIAZHUANG = "130100000000";
const HOMES = ["NURSING_HOME", "SOCIAL_WELFARE_INSTITUTE", "TOWN_HOME", "GLORY_HOME"];
let answer;

/** Show the figures in the page's language; they are fetched once. */
export async function showFigures() {
  const place = document.getElementById("territories");
  try {
    answer ??= await figures();
    place.replaceChildren(xiaoshan(answer), shijiazhuang(answer));
  } catch (error) {
    place.replaceChildren(failure(error));
  }
}

/** Fetch the figures anew the next time. */
export const forgetFigures = () => { answer = undefined; };

async function figures() {
  const { divisions } = await ask(IDS, { codes: [XIAOSHAN, SHIJIAZHUANG] });
  const id = (code) => divisions.nodes.find((each) => each.code === code)?.id;
  if (!id(XIAOSHAN) || !id(SHIJIAZHUANG)) throw new Error(say("figures.none"));
  const given = { xiaoshan: id(XIAOSHAN), then: THEN };
  const [shown, counted] = await Promise.all([
    ask(QUERY, { ...given, shijiazhuang: id(SHIJIAZHUANG), later: LATER, homes: HOMES }),
    groups(given),
  ]);
  return { ...shown, ...counted };
}

/** Counts of people: from the records, or as they were published for roles that see no others. */
async function groups(given) {
  try {
    return await ask(GROUPS, given);
  } catch (error) {
    if (!["PUBLISHED_ONLY", "FIELD_HIDDEN", "FORBIDDEN"].includes(error.code)) throw error;
  }
  return { published: true, ...(await ask(PUBLISHED, given)) };
}

function xiaoshan({ centres: [centres], groups, published, words }) {
  const name = (code) => words.terms.find((term) => term.code === code);
  const most = Math.max(...groups.map((group) => group.people), 1);
  const rows = groups.toSorted((one, other) => other.people - one.people).map(({ category, people }) => {
    const { zh, en } = name(category);
    return [either(zh, en), people / most, number(people)];
  });
  const title = either("萧山区 · 农村五保供养服务中心", "Xiaoshan · rural support centres");
  const facilities = [[say("figures.facilities"), centres.count]];
  if (published && !rows.length) return card(title, THEN, facilities, centres, element("p", { class: "quiet" }, say("figures.unpublished")));
  return card(title, THEN, facilities, centres, ...bars(say(published ? "figures.published" : "figures.groups"), rows));
}

function shijiazhuang({ homes: [homes], owners, counties }) {
  const count = (kind) => owners.find((group) => group.public === kind)?.count ?? 0;
  const numbers = [[say("figures.public"), count(true)], [say("figures.private"), count(false)]];
  const rows = counties.map(({ county, occupancy }) => [county?.name ?? "–", occupancy ?? 0, percent(occupancy, 1)]);
  return card(either("石家庄市 · 养老机构", "Shijiazhuang · institutions"), LATER, numbers, homes, ...bars(say("figures.counties"), rows));
}

/** A caption and rows of [label, share of the widest bar, value]. */
function bars(caption, rows) {
  const parts = rows.flatMap(([label, share, value]) => {
    const bar = element("i");
    bar.style.width = `${share * 100}%`;
    return [element("span", {}, label), bar, element("span", {}, value)];
  });
  return [element("h4", {}, caption), element("div", { class: "bars" }, parts)];
}

function card(title, date, counts, use, ...more) {
  const shown = [...counts, [say("figures.beds"), use.openBeds], [say("figures.residents"), use.residents]];
  const numbers = shown.map(([label, value]) => element("div", {}, element("dt", {}, label), element("dd", {}, number(value))));
  const fill = element("i");
  fill.style.width = `${(use.occupancy ?? 0) * 100}%`;
  return element(
    "article",
    { class: "card territory" },
    element("header", {}, element("h3", {}, title), element("time", { datetime: date }, `${say("figures.at")} ${date}`)),
    element("dl", { class: "numbers" }, numbers),
    element("div", { class: "gauge" }, fill),
    element("p", { class: "quiet" }, `${say("figures.occupancy")} ${percent(use.occupancy)}`),
    ...more,
  );
}
