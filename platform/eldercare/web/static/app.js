// The start page: language, figures, scenario, query desk.

import { openDesk, showExamples } from "/static/desk.js";
import { showFigures } from "/static/figures.js";
import { showStudy } from "/static/study.js";
import { change, speak } from "/static/text.js";

speak();
openDesk();
showFigures();
showStudy();

document.getElementById("language").addEventListener("click", () => {
  change();
  showExamples();
  showFigures();
  showStudy();
});
