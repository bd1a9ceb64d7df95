// The start page: language, figures, scenario, query desk.

import { ask } from "/static/api.js";
import { openDesk, runAgain, showExamples } from "/static/desk.js";
import { forgetFigures, showFigures } from "/static/figures.js";
import { openIdentity, showIdentity, showMe } from "/static/identity.js";
import { forgetStudy, showStudy } from "/static/study.js";
import { change, speak } from "/static/text.js";

speak();
await openIdentity(asSomebodyElse);
openDesk();
showFigures();
showStudy();
whoAsks();

/** Everything once more, as the one who asks now sees it. */
function asSomebodyElse() {
  forgetFigures();
  forgetStudy();
  showFigures();
  showStudy();
  runAgain();
  whoAsks();
}

async function whoAsks() {
  try {
    showMe((await ask("{ me { id role scopes division { name } } }")).me);
  } catch {
    showMe(null);
  }
}

document.getElementById("language").addEventListener("click", () => {
  change();
  showIdentity();
  whoAsks();
  showExamples();
  showFigures();
  showStudy();
});
