const byId = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") element.textContent = value;
    else if (name === "click") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== "") element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/* Tables: a heading sorts by the values of its column, what has none stays last. */
function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  if (body.rows.length < 2) return;
  heads.forEach((head, at) => {
    const valued = [...body.rows].some((row) => row.cells[at].dataset.v !== undefined);
    if (!valued && head.classList.contains("n")) return;
    const key = valued ? (cell) => cell.dataset.v ?? "" : (cell) => cell.textContent.trim();
    const order = valued ? (a, b) => a - b : compare;
    const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort") ?? (valued ? "ascending" : "descending");
      const sign = now === "ascending" ? -1 : 1;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const rows = [...body.rows].map((row) => [key(row.cells[at]), row]);
      rows.sort(([a], [b]) => (a === "") - (b === "") || (a === "" ? 0 : sign * order(a, b)));
      body.append(...rows.map(([, row]) => row));
    });
  });
}

/* The list of sections: folds on narrow screens, and marks where the reader is. */
function followSections(nav) {
  const button = byId("toc-button");
  const links = new Map([...nav.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));
  const open = (yes) => {
    nav.classList.toggle("open", yes);
    button.setAttribute("aria-expanded", String(yes));
  };
  nav.classList.add("folds");
  button.hidden = false;
  button.addEventListener("click", () => open(!nav.classList.contains("open")));
  nav.addEventListener("click", (event) => event.target.closest("a") && open(false));
  nav.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !nav.contains(event.relatedTarget)) open(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("open")) return;
    open(false);
    button.focus();
  });
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const link = links.get(target.id);
      if (!isIntersecting || !link) continue;
      links.forEach((other) => other.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "location");
      byId("toc-here").textContent = link.textContent;
      if (nav.scrollHeight > nav.clientHeight) {
        nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
      }
    }
  }, { rootMargin: "-25% 0px -74% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
}

/* On paper short tables are unfolded; afterwards they are as they were. */
function unfoldForPrint() {
  const unfolded = [];
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details.numbers:not([open])")) {
      if (folded.querySelectorAll("tbody tr").length > 12) continue;
      folded.open = true;
      unfolded.push(folded);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const folded of unfolded.splice(0)) folded.open = false;
  });
}

document.querySelectorAll("table.sortable").forEach(makeSortable);
followSections(byId("toc"));
unfoldForPrint();
if (byId("explore-data")) {
  explore(byId("explorer"), JSON.parse(byId("explore-data").textContent));
}
