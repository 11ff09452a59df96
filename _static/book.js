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

// A formula wider than the window can be scrolled with the keyboard too.
const reachWideFormulas = () => {
  for (const formula of document.querySelectorAll("div.math")) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  }
};
window.addEventListener("load", reachWideFormulas);
window.addEventListener("resize", reachWideFormulas);
