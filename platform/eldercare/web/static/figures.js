// The registry in figures: two territories at the dates their figures were published for, counted from the records.

import { ask, element, failure } from "/static/api.js";
import { either, number, percent, say } from "/static/text.js";

const QUERY = `query Figures($xiaoshan: ID!, $then: Date!, $shijiazhuang: ID!, $later: Date!) {
  centres: occupancy(division: $xiaoshan, kinds: [RURAL_SUPPORT_CENTER], asOf: $then) { residents beds occupancy }
  centreCount: facilities(filter: { within: $xiaoshan, kind: { eq: RURAL_SUPPORT_CENTER } }, first: 0, asOf: $then) { totalCount }
  groups: groupCounts(division: $xiaoshan, categories: [EXTREMELY_POOR, FAMILY_PLANNING_SPECIAL, DIBAO, ADVANCED_AGE_80], asOf: $then) { category people }
  homes: occupancy(division: $shijiazhuang, asOf: $later) { residents beds occupancy }
  owners: facilitySummary(groupBy: [PUBLIC], filter: { within: $shijiazhuang }, asOf: $later) { public count }
  words: vocabulary(name: "GroupCategory") { terms { code zh en } }
}`;

const THEN = "2020-05-19", LATER = "2018-06-30";
let answer;

/** Show the figures in the page's language; they are fetched once. */
export async function showFigures() {
  const place = document.getElementById("territories");
  try {
    answer ??= await ask(QUERY, { xiaoshan: "330109000000", then: THEN, shijiazhuang: "130100000000", later: LATER });
    place.replaceChildren(xiaoshan(answer), shijiazhuang(answer));
  } catch (error) {
    place.replaceChildren(failure(error));
  }
}

function xiaoshan({ centres, centreCount, groups, words }) {
  const name = (code) => words.terms.find((term) => term.code === code);
  const most = Math.max(...groups.map((group) => group.people), 1);
  const rows = groups.toSorted((one, other) => other.people - one.people).flatMap((group) => {
    const bar = element("i");
    bar.style.width = `${(group.people / most) * 100}%`;
    const { zh, en } = name(group.category);
    return [element("span", {}, either(zh, en)), bar, element("span", {}, number(group.people))];
  });
  return card(either("杭州市萧山区 · 农村五保供养服务中心", "Xiaoshan, Hangzhou · rural support centres"), THEN, [[say("figures.facilities"), centreCount.totalCount]], centres, element("div", { class: "bars" }, rows));
}

function shijiazhuang({ homes, owners }) {
  const count = (kind) => owners.find((group) => group.public === kind)?.count ?? 0;
  const numbers = [[say("figures.public"), count(true)], [say("figures.private"), count(false)]];
  return card(either("石家庄市 · 养老机构", "Shijiazhuang · institutions"), LATER, numbers, homes);
}

function card(title, date, counts, use, ...more) {
  const shown = [...counts, [say("figures.beds"), use.beds], [say("figures.residents"), use.residents]];
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
