const PAGE = 20;

/* The explorer: choices, what follows from them, and the address that says what is chosen. */
function explore(root, data) {
  const spoken = makeSpoken(data, data.labels);
  const fields = fieldsOf(data, data.labels);
  const address = makeAddress(fields);
  const people = makePeople(data);
  const comments = makeComments(data, spoken);
  let state = address.read();

  const change = (changes, replace = false) => address.write({ ...state, ...changes }, replace);
  const tools = { data, people, spoken, change };
  const none = Object.fromEntries([["q", ""], ...fields.map(({ key }) => [key, -1])]);
  const selects = fields.map((field, at) => makeSelect(field, at, spoken, change));
  const parts = layOut(root, makeFields(selects, state, spoken), spoken);
  const reading = makeReading(parts, comments, spoken, change);

  parts.clear.addEventListener("click", () => change(none));
  parts.copy.addEventListener("click", () => copyLink(parts, spoken));

  function render() {
    state = address.read();
    const matched = people.matching(state);
    const enough = matched.length >= data.minN;
    for (const { key, select } of selects) select.value = String(state[key]);
    say(parts.matching, enough
      ? spoken.say("matching", { n: matched.length, total: data.n })
      : spoken.say("fewer", { n: data.minN }));
    drawActive(parts.active, { data, fields, state, spoken, selects, change });
    parts.copied.replaceChildren();
    drawScore(parts.score, enough ? people.score(matched) : null, data, spoken);
    parts.themes.hidden = !enough || data.themes.length === 0;
    if (!parts.themes.hidden) drawThemes(parts.bars, matched, state, tools);
    reading.start(state);
  }

  function arrive() {
    const section = root.closest("section");
    const heading = section.querySelector("h2");
    heading.tabIndex = -1;
    section.scrollIntoView({ behavior: "instant" });
    heading.focus({ preventScroll: true });
  }

  addEventListener("hashchange", render);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#explore?"]');
    if (link) setTimeout(arrive);
  });
  render();
  root.hidden = false;
  if (location.hash.startsWith("#explore?")) arrive();
}

/* The choices in rows; on a phone those beyond the first are folded away where there are many. */
function makeFields(selects, state, spoken) {
  const rows = (some) => make("div", { class: "fields" }, ...some.map(({ box }) => box));
  if (selects.length <= 6 || !matchMedia("(max-width: 30rem)").matches) return [rows(selects)];
  const [first, rest] = [selects.slice(0, 3), selects.slice(3)];
  const open = rest.some(({ key }) => state[key] >= 0);
  const summary = make("summary", { text: spoken.say("more_filters") });
  return [rows(first), make("details", { class: "rest", open }, summary, rows(rest))];
}

/* A sentence that is read out when it changes. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/* The parts of the explorer, in the order they are read. */
function layOut(root, fields, spoken) {
  const status = { role: "status" };
  const button = (key, more = {}) =>
    make("button", { type: "button", class: "plain", text: spoken.say(key), ...more });
  const parts = {
    clear: button("clear"),
    copy: button("copy"),
    copied: make("span", { class: "copied", ...status }),
    matching: make("p", { class: "matching", ...status }),
    active: make("ul", { class: "active" }),
    score: make("div"),
    bars: make("div"),
    search: make("input", { type: "search", id: "explore-search", maxlength: "200", autocomplete: "off" }),
    found: make("p", { class: "note found", ...status }),
    list: make("div", { class: "list" }),
    more: make("button", { type: "button", class: "plain" }),
  };
  parts.themes = make("div", { class: "about" }, make("h3", { text: spoken.say("themes") }), parts.bars);
  const heading = (key) => make("h3", { text: spoken.say(key) });
  const search = make("label", { for: "explore-search", text: spoken.say("search") });
  root.append(
    make("form", { class: "panel filters", "aria-label": spoken.say("filters") },
      ...fields,
      make("div", { class: "actions" }, parts.clear, parts.copy, parts.copied)),
    make("div", { class: "state" }, parts.matching, parts.active),
    make("div", { class: "results" },
      make("div", { class: "panel" }, heading("score"), parts.score, parts.themes),
      make("div", { class: "panel" }, heading("comments"),
        make("div", { class: "field search" }, search, parts.search),
        parts.found, parts.list, parts.more)));
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  return parts;
}

/* What is chosen, each with a way to take it off. */
function drawActive(box, { data, fields, state, spoken, selects, change }) {
  const chosen = fields.filter(({ key }) => state[key] >= 0);
  box.replaceChildren(...chosen.map(({ key, name, options, parents }) => {
    const above = parents ? parents[state[key]] : -1;
    const own = options[state[key]][1];
    const value = above < 0 ? own : spoken.say("part_of", { theme: data.themes[above][1], part: own });
    const text = `${name}: ${value}`;
    const takeOff = () => {
      change({ [key]: -1 });
      const { select } = selects.find((field) => field.key === key);
      select.closest("details")?.setAttribute("open", "");
      select.focus();
    };
    return make("li", {}, make("button", {
      type: "button", "aria-label": spoken.say("remove", { name: text }), click: takeOff,
    }, text, make("span", { "aria-hidden": "true", class: "off", text: "×" })));
  }));
  box.hidden = chosen.length === 0;
}

/* The comments that match, twenty at a time, and the search in them. */
function makeReading(parts, comments, spoken, change) {
  const total = comments.total;
  let waiting = 0;
  let matched = [];
  let state = null;

  function showMore() {
    const shown = parts.list.children.length;
    const next = matched.slice(shown, shown + PAGE).map((at) => comments.show(at, state));
    parts.list.append(...next);
    const left = matched.length - shown - next.length;
    parts.more.hidden = left === 0;
    parts.more.textContent = spoken.say("more", { n: Math.min(left, PAGE) });
    return next[0];
  }

  function start(now) {
    state = now;
    matched = comments.matching(state);
    if (!waiting && parts.search.value.trim() !== state.q) parts.search.value = state.q;
    parts.list.replaceChildren();
    const key = matched.length ? "found" : "none_found";
    say(parts.found, spoken.say(key, { n: matched.length, total }));
    showMore();
  }

  parts.more.addEventListener("click", () => showMore().focus());
  parts.search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      waiting = 0;
      change({ q: parts.search.value.trim() }, true);
    }, 200);
  });
  return { start };
}

/* Copies the address; where that is not allowed it stands in a field, selected. */
async function copyLink({ copied }, spoken) {
  try {
    await navigator.clipboard.writeText(location.href);
    copied.textContent = spoken.say("copied");
  } catch {
    const name = spoken.say("by_hand");
    const field = make("input", { readonly: true, value: location.href, "aria-label": name });
    copied.replaceChildren(name, " ", field);
    field.select();
  }
}
