// "Report a problem" names the cell that is being looked at: the one nearest to the middle of the window.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.report-problem");
  if (!link) return;
  const middle = window.innerHeight / 2;
  const distance = (cell) => Math.abs(cell.getBoundingClientRect().top - middle);
  const cells = [...document.querySelectorAll("div.cell[id]")].sort((a, b) => distance(a) - distance(b));
  if (!cells.length) return;
  const firstLine = cells[0].innerText.split("\n")[0];
  const address = new URL(link.href);
  const body = address.searchParams.get("body");
  address.searchParams.set("body", body.replace(/^Cell:.*$/m, `Cell: ${cells[0].id}, ${firstLine}`));
  link.href = address.href;
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
