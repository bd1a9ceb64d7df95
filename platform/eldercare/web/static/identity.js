// Who asks: one of the demonstration's ready tokens, or one of one's own; kept for this tab only.

import { element } from "/static/element.js";
import { either, say } from "/static/text.js";

const OWN = "(own)";
/** Who asks at first: a role that is shown something of everything on the page. */
const FIRST = "COUNTY_ADMIN";
const place = (id) => document.getElementById(id);
const NAMES = {
  PLANNER: ["规划人员", "planner"],
  VILLAGE_WORKER: ["村(社区)工作人员", "village worker"],
  TOWN_OFFICER: ["乡镇(街道)经办", "town officer"],
  COUNTY_ADMIN: ["县(区)民政", "county civil affairs"],
  CITY_ADMIN: ["市民政", "city civil affairs"],
  PROVINCE: ["省级民政", "province or ministry"],
  FACILITY_OPERATOR: ["机构运营", "operator of a facility"],
  PROVIDER: ["服务商", "service provider"],
  CALL_AGENT: ["12349 坐席", "hotline agent"],
  INSPECTOR: ["检查人员", "inspector"],
  FINANCE_AUDITOR: ["财政/审计", "finance and audit"],
  PARTNER_API: ["合作方接口", "partner's program"],
  PUBLIC: ["公众", "the public"],
  SYSTEM: ["系统", "system"],
};
let ready = [];
let token = sessionStorage.getItem("token") ?? "";

/** The header that says who asks. */
export const authorization = () => (token ? { authorization: `Bearer ${token}` } : {});

/** Fetch the tokens there are to choose from; `changed` is called when somebody else asks. */
export async function openIdentity(changed) {
  try {
    ready = (await (await fetch("/tokens.json")).json()).tokens;
  } catch {
    ready = [];
  }
  token ||= (ready.find((each) => each.role === FIRST) ?? ready[0])?.token ?? "";
  place("role").addEventListener("change", () => {
    place("own").hidden = place("role").value !== OWN;
    if (place("role").value !== OWN) use(place("role").value, changed);
    else place("token").focus();
  });
  place("own").addEventListener("submit", (event) => {
    event.preventDefault();
    use(place("token").value.trim(), changed);
  });
  showIdentity();
}

/** Show the choice in the page's language. */
export function showIdentity() {
  const known = ready.some((each) => each.token === token);
  const options = ready.map((each) => option(each.token, [name(each.role), each.place].filter(Boolean).join(" · ")));
  place("role").replaceChildren(...options, option(OWN, say("who.own")));
  place("role").value = known ? token : OWN;
  place("own").hidden = known;
}

/** Show what the registry says of who asks. */
export function showMe(me) {
  const parts = me ? [me.id, name(me.role), me.division?.name, me.scopes.join(" ")] : [say("who.nobody")];
  place("me").textContent = parts.filter(Boolean).join(" · ");
}

function use(chosen, changed) {
  token = chosen;
  sessionStorage.setItem("token", token);
  showIdentity();
  changed();
}

const name = (role) => either(...(NAMES[role] ?? [role, role]));
const option = (value, text) => element("option", { value }, text);
