/* One labelled choice; themes stand with their parts. */
function makeSelect({ key, name, options, parents, unused, whole = "any" }, at, spoken, change) {
  const id = `explore-field-${at}`;
  const select = make("select", { id }, make("option", { value: "-1", text: spoken.say(whole) }));
  options.forEach(([, text], place) => {
    if (unused?.has(place)) return;
    const option = make("option", { value: String(place), text });
    if (parents?.includes(place)) select.append(make("optgroup", { label: text }, option));
    else (parents?.[place] >= 0 ? select.lastElementChild : select).append(option);
  });
  select.addEventListener("change", () => change({ [key]: Number(select.value) }));
  const label = make("label", { for: id, text: name });
  return { key, select, box: make("div", { class: "field" }, label, select) };
}

/* The score of those who match, beside that of all, on the scale. */
function drawScore(box, found, data, spoken) {
  const [value, low, high, n] = data.all;
  const everybody = { value, low, high, n };
  const place = (number) => `${((number - data.low) / (data.high - data.low)) * 100}%`;
  const bar = ({ low: first, high: last }, kind) => {
    const drawn = make("i", { class: kind });
    drawn.style.left = place(first);
    drawn.style.width = `${((last - first) / (data.high - data.low)) * 100}%`;
    return drawn;
  };
  const point = (number, kind) => {
    const drawn = make("i", { class: kind });
    drawn.style.left = place(number);
    return drawn;
  };
  const scale = make("div", { class: "scale", "aria-hidden": "true" },
    bar(everybody, "all-band"), point(value, "all-dot"));
  const shown = make("p", { class: "explore-score num" });
  if (found) {
    scale.append(bar(found, "band-now"), point(found.value, "dot-now"));
    shown.append(make("data", { value: String(found.value), "data-low": String(found.low),
      "data-high": String(found.high), "data-n": String(found.n), text: spoken.figure(found.value) }));
    shown.append(make("small", { text: spoken.between(found) }));
  } else {
    shown.append(make("span", { class: "few", text: spoken.say("too_few") }));
  }
  const ends = make("p", { class: "ends num", "aria-hidden": "true" },
    ...data.ends.map((text) => make("span", { text })));
  const all = { value: spoken.figure(value), between: spoken.between(everybody) };
  box.replaceChildren(shown, scale, ends);
  if (found?.n !== n) box.append(make("p", { class: "note", text: spoken.say("everybody", all) }));
  if (found && data.n < n) box.append(make("p", { class: "note", text: spoken.say("sampled") }));
}

/* How many of those who match speak well or badly of each theme. */
function drawThemes(box, matched, state, tools) {
  const { data, people, spoken, change } = tools;
  const [NEGATIVE, , POSITIVE] = data.polarities.keys();
  const counted = data.themes.map(([, name, parent], at) => ({
    at, name, parent,
    bad: people.count(matched, at, NEGATIVE), good: people.count(matched, at, POSITIVE),
  }));
  const some = counted.filter(({ bad, good }) => bad + good > 0);
  const bySize = (a, b) => b.bad + b.good - a.bad - a.good || a.at - b.at;
  const above = state.theme < 0 ? -1 : data.themes[state.theme][2];
  const open = above < 0 ? state.theme : above;
  const tops = some.filter(({ parent }) => parent < 0).sort(bySize);
  const rows = tops.filter(({ at }, place) => place < 12 || at === open).flatMap((one) =>
    one.at === open ? [one, ...some.filter(({ parent }) => parent === open).sort(bySize)] : [one]);
  if (!rows.length) {
    box.replaceChildren(make("p", { class: "note", text: spoken.say("no_themes") }));
    return;
  }
  const most = Math.max(...rows.flatMap(({ bad, good }) => [bad, good]));
  const cell = (number, kind) => {
    const bar = make("i", { class: `bar ${kind}`, hidden: number === 0 });
    bar.style.width = `${(number / most) * 100}%`;
    return make("td", { class: kind }, make("span", { class: "num" }, spoken.count(number), " ",
      make("small", { text: spoken.share(number, matched.length) })), make("span", { class: "room" }, bar));
  };
  const name = ({ at, name: text }) => make("button", {
    type: "button", class: "link", text, "data-at": String(at),
    "aria-pressed": String(at === state.theme),
    click: () => change({ theme: at === state.theme ? -1 : at }),
  });
  const held = box.contains(document.activeElement) ? document.activeElement.dataset.at : null;
  box.replaceChildren(make("table", { class: "explore-themes" },
    make("caption", { text: spoken.say("bars", { n: matched.length }) }),
    make("thead", {}, make("tr", {}, ...["head_theme", "negative", "positive"].map((key) =>
      make("th", { scope: "col", text: spoken.say(key) })))),
    make("tbody", {}, ...rows.map((row) => make("tr", { class: row.parent >= 0 ? "sub" : "" },
      make("th", { scope: "row" }, name(row)), cell(row.bad, "neg"), cell(row.good, "pos"))))));
  if (held !== null) box.querySelector(`[data-at="${held}"]`)?.focus({ preventScroll: true });
}

/* What can be chosen, in the order it stands in the filters. */
function fieldsOf(data, words) {
  const field = (key, options, more = {}) => ({ key, name: words[key], options, ...more });
  const used = new Set(data.comments.flatMap((comment) => comment[4].map((mark) => mark[1])));
  data.mentions.forEach((text, at) => text && used.add(at % data.polarities.length));
  const polarities = data.polarities.map((name) => [name, words[`polarity_${name}`]]);
  const unused = new Set([...data.polarities.keys()].filter((at) => !used.has(at)));
  const themes = data.themes.map(([id, name]) => [id, name]);
  const fields = [
    field("group", data.groups),
    field("theme", themes, { parents: data.themes.map(([, , parent]) => parent) }),
    field("polarity", polarities, { unused }),
    ...data.facets,
    field("from", data.periods.options, { whole: "start" }),
    field("to", data.periods.options, { whole: "end" }),
  ];
  return fields.filter(({ whole, options, unused }) =>
    options.length - (unused?.size ?? 0) > (whole ? 1 : 0));
}
