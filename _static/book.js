// A report of a problem names a cell: the one in the middle of the window, or, when the reader has gone back up to
// the line under the title, the one where the page last stood still for a second.
const strip = () => document.querySelector("ul.page-strip");
let stoodAt = null;
let standing;

const inSight = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
};

const cellInTheMiddle = () => {
  const middle = window.innerHeight / 2;
  const distance = (cell) => {
    const { top, bottom } = cell.getBoundingClientRect();
    return Math.max(top - middle, middle - bottom);
  };
  const shown = [...document.querySelectorAll("div.cell[id]")].filter((cell) => cell.getClientRects().length);
  return shown.sort((a, b) => distance(a) - distance(b))[0];
};

const describedCell = () => {
  const cell = (inSight(strip()) && stoodAt) || cellInTheMiddle();
  return cell ? `${cell.id}, ${(cell.querySelector("pre") ?? cell).textContent.trim().split("\n")[0]}` : "";
};

window.addEventListener("scroll", () => {
  clearTimeout(standing);
  standing = setTimeout(() => {
    if (strip() && !inSight(strip())) stoodAt = cellInTheMiddle();
  }, 1000);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.report-problem");
  if (!link) return;
  const address = new URL(link.href);
  const body = address.searchParams.get("body");
  address.searchParams.set("body", body.replace(/^Cell:.*$/m, () => `Cell: ${describedCell()}`));
  link.href = address.href;
});

// Without an address a report is copied; where the browser does not let us, it is shown to be copied by hand.
const copied = async (text, field) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.hidden = false;
    field.value = text;
    field.select();
    return document.execCommand("copy");
  }
};

document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.copy-report");
  if (!button) return;
  button.hidden = false;
  const field = Object.assign(document.createElement("textarea"), { readOnly: true, hidden: true, rows: 9 });
  field.setAttribute("aria-label", "The report");
  strip().after(field);
  button.addEventListener("click", async () => {
    const { page, versions } = button.dataset;
    const known = [`Page: ${page}`, `Cell: ${describedCell()}`, `Built with: ${versions}`];
    const report = [...known, `Browser: ${navigator.userAgent}`, "", "What I saw:", "", "What I expected:", ""];
    field.hidden = true;
    const done = await copied(report.join("\n"), field);
    field.hidden = done;
    button.parentElement.querySelector("[role=status]").textContent = done
      ? "Copied: send it to whoever gave you this book."
      : "Copy the text below and send it to whoever gave you this book.";
    if (done) button.focus();
    else field.select();
  });
});

// The menu over the page, and the button that leads back up: all that a page needs of Bootstrap.
document.addEventListener("DOMContentLoaded", () => {
  const menu = document.querySelector("[data-bs-toggle=dropdown]");
  const show = (open) => {
    menu?.classList.toggle("show", open);
    menu?.setAttribute("aria-expanded", open);
  };
  document.addEventListener("click", ({ target }) => show(menu?.contains(target) && !menu.classList.contains("show")));
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu?.classList.contains("show")) return;
    show(false);
    menu.focus();
  });
  const up = document.getElementById("pst-back-to-top");
  up?.addEventListener("click", () => window.scrollTo(0, 0));
  let before = window.scrollY;
  window.addEventListener("scroll", () => {
    const goesUp = before > window.scrollY && window.scrollY > 200;
    up?.style.setProperty("display", goesUp ? "block" : "none");
    before = window.scrollY;
  });
});

// A formula wider than the window can be scrolled with the keyboard too.
// So can code and outputs; the theme looks at them once, when those that are folded have no width yet.
const reachWideParts = (parts) => {
  for (const part of parts) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
};
const reachWideFormulas = () => reachWideParts(document.querySelectorAll("div.math"));
window.addEventListener("load", reachWideFormulas);
window.addEventListener("resize", reachWideFormulas);
document.addEventListener("toggle", ({ target }) => reachWideParts(target.querySelectorAll("div.math, pre")), true);

// What a reader predicts and chooses is kept on this device, and nowhere at all where the browser forbids it.
const kept = `nnbook ${DOCUMENTATION_OPTIONS.pagename}`;

const recall = () => {
  try {
    return JSON.parse(localStorage.getItem(kept)) ?? {};
  } catch {
    return {};
  }
};

const said = recall();

const remember = (name, value) => {
  said[name] = value;
  try {
    localStorage.setItem(kept, JSON.stringify(said));
  } catch {
    // As from a disk, or in a private window: the score lasts as long as the page is open.
  }
};

const made = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const scoreOf = (kind, ofAll) => {
  const given = Object.entries(said).filter(([name]) => name.startsWith(kind));
  return `${given.filter(([, one]) => one.right).length} of ${given.length} right so far, ${ofAll} on this page.`;
};

const askPrediction = (fold, number, { length }) => {
  const { answer, within, unit = "", choices } = fold.dataset;
  const name = `prediction ${number}`;
  const id = `prediction-${number}`;
  const shown = choices ? answer : `${+Number(answer).toPrecision(4)}${unit && ` ${unit}`}`;
  const line = made("p", { className: "said" });
  line.setAttribute("role", "status");
  const show = () => {
    const { text, right } = said[name];
    const verdict = right ? "well predicted" : "here is why";
    line.textContent = `You said ${text}${choices || !unit ? "" : ` ${unit}`}, it is ${shown}: ${verdict}. `;
    line.append(made("small", {}, `Predictions: ${scoreOf("prediction", length)}`));
    fold.open = true;
    fold.classList.add("answered");
  };
  const fields = choices
    ? JSON.parse(choices).map((one) => made("label", {}, made("input", { type: "radio", name: id, value: one, required: true }), ` ${one}`))
    : [made("label", {}, "Your prediction ", made("input", { type: "number", name: id, step: "any", required: true }), ` ${unit}`)];
  const form = made("form", { className: "prediction" }, ...fields, made("button", {}, "Commit"));
  form.setAttribute("aria-label", "Your prediction");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = new FormData(form).get(id);
    remember(name, { text, right: choices ? text === answer : Math.abs(text - answer) <= Number(within) + 1e-12 });
    form.remove();
    show();
  });
  fold.before(...(said[name] ? [] : [form]), line);
  if (said[name]) show();
};

// The first choice counts. The text of an answer is read out by a screen reader when it opens.
const watchQuestion = (options, number, { length }) => {
  const spoken = made("p", { className: "said" });
  spoken.setAttribute("role", "status");
  options.after(spoken);
  for (const option of options.children) {
    option.addEventListener("toggle", () => {
      if (!option.open) return;
      const name = `question ${number}`;
      if (!said[name]) remember(name, { right: option.dataset.right === "1" });
      const answer = option.querySelector("p").textContent;
      spoken.replaceChildren(
        made("span", { className: "read-out" }, answer),
        made("small", {}, `Questions: ${scoreOf("question", length)}`),
      );
    });
  }
};

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("details.prediction").forEach(askPrediction);
  document.querySelectorAll(".options").forEach(watchQuestion);
});

// Paper shows what a prediction folds.
let openedForPaper = [];
window.addEventListener("beforeprint", () => {
  openedForPaper = [...document.querySelectorAll("details.prediction:not([open])")];
  for (const fold of openedForPaper) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of openedForPaper) fold.open = false;
});
