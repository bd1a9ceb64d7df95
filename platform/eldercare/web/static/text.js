// What the page says, in Chinese and English.

const TEXTS = {
  name: ["养老服务一体化登记", "Eldercare"],
  language: ["English", "中文"],
  skip: ["跳到正文", "Skip to the content"],
  "who.role": ["身份", "You ask as"],
  "who.own": ["自己的令牌…", "a token of your own …"],
  "who.token": ["令牌", "token"],
  "who.use": ["使用", "Use"],
  "who.nobody": ["未登录：请选择身份或输入令牌", "nobody: choose a role, or enter a token"],
  "nav.figures": ["数据", "Figures"],
  "nav.scenario": ["情景测算", "Scenarios"],
  "nav.ask": ["查询", "Ask"],
  "lead.title": ["一个登记库，一套接口，一个从真实现状出发的测算。", "One registry, one API, and a simulation that starts from what is really there."],
  "lead.text": [
    "老年人、照护他们的机构与服务，登记在同一个库中，随时间变化、可追溯来源；一套 GraphQL 接口读写全部内容；规划问题由登记现状直接测算。",
    "Older people and everything that cares for them stand in one registry, with history and sources. One GraphQL API reads and writes all of it, and planning questions are computed from the state it holds.",
  ],
  "figures.title": ["登记数据", "The registry in figures"],
  "figures.text": ["下列数字由登记记录实时汇总，并非录入的结果。", "Each number is counted from the records at its date; none is typed in."],
  "figures.none": ["登记库中尚无演示数据。运行 eldercare demo 可生成。", "The registry does not hold the demonstration. Run eldercare demo to make it."],
  "figures.facilities": ["机构", "facilities"],
  "figures.beds": ["床位", "beds"],
  "figures.residents": ["入住", "residents"],
  "figures.occupancy": ["入住率", "occupancy"],
  "figures.public": ["公办", "public"],
  "figures.private": ["民办", "private"],
  "figures.groups": ["区内老年群体（人）", "Groups of people in the district"],
  "figures.published": ["区内老年群体：公开统计（人）", "Groups of people in the district, as published"],
  "figures.unpublished": ["此身份只能看到公开统计的人数；本库尚未发布（eldercare publish）。", "This role is told of people only what is published, and nothing is yet (eldercare publish)."],
  "figures.counties": ["入住率：床位最多的四个区县", "Occupancy in the four counties with most beds"],
  "figures.at": ["截至", "as of"],
  "scenario.title": ["规划问题：萧山区的护理床位", "A planning question: nursing beds in Xiaoshan"],
  "scenario.text": [
    "新增 100 张护理型床位，与把 100 张普通床位改为护理型床位，十年后有何不同？三个方案使用同一批老人、同样的运气，差异即来自床位。",
    "Add 100 nursing beds, or convert 100 ordinary ones: what is different after ten years? All scenarios see the same people with the same luck, so that the difference comes from the beds.",
  ],
  "scenario.none": ["尚无测算结果。运行 eldercare demo 或用 createStudy 提交一个。", "There is no finished study yet. Run eldercare demo, or submit one with createStudy."],
  "scenario.running": ["测算进行中", "The study is being computed"],
  "scenario.indicator": ["指标", "indicator"],
  "scenario.taken": ["计算从何出发", "What the calculation starts from"],
  "scenario.assumed": ["假设", "assumed"],
  "scenario.table": ["期初 → 期末（流量为合计）；±为 95% 区间半宽；括号内为与基准之差，仅列经多方案校正后成立者。", "At the start → at the end; sums for what is counted over the years. ± is half the 95 % interval; in brackets the difference to the base where it stands after the correction for several scenarios."],
  "scenario.band": ["阴影为 95% 区间；同一种子得到同样的结果。", "Bands are 95 % intervals; the same seed gives the same numbers."],
  "ask.title": ["查询登记库", "Ask the registry"],
  "ask.text": ["点选一个例子，或修改后运行（Ctrl+Enter）。每个查询在数据库中只执行一条语句。", "Pick an example, or change it and run it (Ctrl+Enter). Each query is one statement in the database."],
  "ask.document": ["查询", "query document"],
  "ask.variables": ["变量（JSON）", "variables as JSON"],
  "ask.run": ["运行", "Run"],
  "ask.badVariables": ["变量不是合法的 JSON。", "The variables are not JSON."],
  "foot.synthetic": ["演示数据：人员均为合成（身份证地区码 99），机构合计数取自公开报道。", "Demonstration data: every person is synthetic (ID area 99); the totals of facilities are published figures."],
};

const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("language") ?? navigator.language;
let chinese = asked.toLowerCase().startsWith("zh");

/** The language the page speaks, "zh" or "en". */
export const language = () => (chinese ? "zh" : "en");

/** A text in the page's language. */
export const say = (key) => TEXTS[key][chinese ? 0 : 1];

/** One of two wordings that came with the data. */
export const either = (zh, en) => (chinese ? zh : en);

/** Write every text of the page itself. */
export function speak() {
  document.documentElement.lang = chinese ? "zh-CN" : "en";
  for (const place of document.querySelectorAll("[data-say]")) place.textContent = say(place.dataset.say);
  document.getElementById("language").lang = chinese ? "en" : "zh";
}

/** Change to the other language and remember it. */
export function change() {
  chinese = !chinese;
  localStorage.setItem("language", language());
  speak();
}

/** A number as readers of the page's language write it. */
export const number = (value, digits = 0) =>
  value === null || value === undefined ? "–" : value.toLocaleString(chinese ? "zh-CN" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** A share of one as per cent. */
export const percent = (value, digits = 2) => (value === null || value === undefined ? "–" : `${number(value * 100, digits)} %`);
