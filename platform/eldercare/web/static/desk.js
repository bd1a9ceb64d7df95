// The query desk: examples that run on a click, a small editor, and the answer with its size and time.

import { element, send } from "/static/api.js";
import { EXAMPLES } from "/static/examples.js";
import { either, number, say } from "/static/text.js";

const place = (id) => document.getElementById(id);
let chosen = 0;

/** Show the examples in the page's language. */
export function showExamples() {
  place("examples").replaceChildren(...EXAMPLES.map((example, index) => {
    const button = element("button", { type: "button", "aria-pressed": index === chosen }, either(...example.title));
    button.addEventListener("click", () => choose(index));
    return button;
  }));
}

/** Make the desk work. */
export function openDesk() {
  place("query").addEventListener("submit", (event) => { event.preventDefault(); run(); });
  for (const id of ["document", "variables"]) place(id).addEventListener("keydown", keys);
  choose(0);
}

/** Run what stands in the editor again. */
export const runAgain = () => run();

function choose(index) {
  chosen = index;
  showExamples();
  place("document").value = EXAMPLES[index].query;
  place("variables").value = JSON.stringify(EXAMPLES[index].variables ?? {}, null, 1).replaceAll("\n ", " ").replace("\n}", " }");
  run();
}

async function run() {
  let variables;
  try {
    variables = JSON.parse(place("variables").value || "{}");
  } catch {
    place("receipt").textContent = say("ask.badVariables");
    return;
  }
  const { body, size, milliseconds } = await send(place("document").value, variables);
  place("receipt").textContent = `${number(milliseconds)} ms · ${number(size / 1000, 1)} kB`;
  place("answer").replaceChildren(...coloured(JSON.stringify(body, null, 2)));
}

function keys(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
}

/** JSON with its keys, texts and other values in different colours. */
function coloured(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d[\d.eE+-]*/g)) {
    parts.push(text.slice(end, found.index));
    const kind = found[1] ? (found[2] ? "key" : "text") : "value";
    parts.push(element("span", { class: kind }, found[1] ?? found[0]), found[2] ?? "");
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}
