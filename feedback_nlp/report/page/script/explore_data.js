/* The respondents of the page and who of them match. A place of 0 is "none", −1 "not chosen". */
function makePeople(data) {
  const [kinds, periods, ...facets] = data.people.map(unpack);
  const groups = kinds.map((kind) => data.kinds[kind][0]);
  const lists = data.mentions.map((text) => {
    let at = 0;
    return unpack(text).map((step) => (at += step));
  });
  const known = new Map();

  /* Who mentions a theme or one of its parts (−1: any) with a polarity (−1: any). */
  function speakers(theme, polarity) {
    const key = `${theme} ${polarity}`;
    if (known.has(key)) return known.get(key);
    const some = new Uint8Array(data.n);
    data.themes.forEach(([, , parent], at) => {
      if (theme >= 0 && at !== theme && parent !== theme) return;
      for (let p = 0; p < data.polarities.length; p += 1) {
        if (polarity >= 0 && p !== polarity) continue;
        for (const one of lists[at * data.polarities.length + p]) some[one] = 1;
      }
    });
    known.set(key, some);
    return some;
  }

  function matching(state) {
    const { group, theme, polarity } = state;
    const spoke = theme >= 0 || polarity >= 0 ? speakers(theme, polarity) : null;
    const rest = placesMatch(state, data);
    const matched = [];
    for (let one = 0; one < data.n; one += 1) {
      if (group >= 0 && groups[one] !== group) continue;
      if (spoke && !spoke[one]) continue;
      if (rest((at) => (at === 0 ? periods[one] : facets[at - 1][one]))) matched.push(one);
    }
    return matched;
  }

  function score(matched) {
    const counts = data.kinds.map(() => 0);
    for (const one of matched) counts[kinds[one]] += 1;
    return scoreOf(data.kinds.map(([, worth]) => worth), counts, data.low, data.high, data.z);
  }

  function count(matched, theme, polarity) {
    const some = speakers(theme, polarity);
    return matched.reduce((sum, one) => sum + some[one], 0);
  }
  return { matching, score, count };
}

/* Tell whether period and facets fit, given where each place stands. */
function placesMatch(state, data) {
  const chosen = data.facets.map(({ key }) => state[key] + 1);
  const from = state.from + 1;
  const to = state.to >= 0 ? state.to + 1 : Infinity;
  return (place) => {
    if (from > 0 || to < Infinity) {
      const when = place(0);
      if (when === 0 || when < from || when > to) return false;
    }
    return chosen.every((want, at) => want === 0 || place(at + 1) === want);
  };
}

/* The comments of the page: which match, and how one is shown. */
function makeComments(data, spoken) {
  const [NEGATIVE, , POSITIVE] = data.polarities.keys();
  const signs = { [NEGATIVE]: "−", [POSITIVE]: "+" };
  const texts = [];
  const isOf = ([theme, polarity], state) =>
    (state.theme < 0 || theme === state.theme || data.themes[theme][2] === state.theme) &&
    (state.polarity < 0 || polarity === state.polarity);

  function matching(state) {
    const words = fold(state.q).folded.split(/\s+/).filter(Boolean);
    const rest = placesMatch(state, data);
    const about = state.theme >= 0 || state.polarity >= 0;
    return data.comments.map((_, at) => at).filter((at) => {
      const [text, , , group, marks, ...places] = data.comments[at];
      if (state.group >= 0 && group !== state.group) return false;
      if (!rest((place) => places[place])) return false;
      if (about && !marks.some((mark) => isOf(mark, state))) return false;
      if (!words.length) return true;
      texts[at] ??= fold(text);
      return words.every((word) => texts[at].folded.includes(word));
    });
  }

  /* The text in pieces: evidence marked by polarity, words that were searched for in it. */
  function marked(text, marks, state) {
    const chosen = marks.filter((mark) => isOf(mark, state) && mark[2] >= 0);
    const others = marks.filter((mark) => !isOf(mark, state) && mark[2] >= 0);
    const taken = [];
    for (const mark of [...chosen, ...others]) {
      if (taken.every(([, , start, end]) => mark[3] <= start || mark[2] >= end)) taken.push(mark);
    }
    taken.sort((a, b) => a[2] - b[2]);
    const hits = hitsIn(fold(text), fold(state.q).folded.split(/\s+/).filter(Boolean));
    const out = [];
    let at = 0;
    for (const mark of taken) {
      const [, polarity, start, end] = mark;
      out.push(...withHits(text, at, start, hits));
      const kind = `m-${data.polarities[polarity]}${chosen.includes(mark) ? "" : " m-aside"}`;
      out.push(make("mark", { class: kind }, ...withHits(text, start, end, hits)));
      at = end;
    }
    return [...out, ...withHits(text, at, text.length, hits)];
  }

  function withHits(text, start, end, hits) {
    const out = [];
    let at = start;
    for (const [from, to] of hits) {
      const first = Math.max(from, at);
      const last = Math.min(to, end);
      if (first >= last) continue;
      if (first > at) out.push(text.slice(at, first));
      out.push(make("span", { class: "hit", text: text.slice(first, last) }));
      at = last;
    }
    if (at < end) out.push(text.slice(at, end));
    return out;
  }

  function tags(marks) {
    const once = new Map(marks.map((mark) => [`${mark[0]} ${mark[1]}`, mark]));
    return [...once.values()].map(([theme, polarity]) => {
      const name = data.polarities[polarity];
      return make("li", { class: `t-${name}` },
        make("span", { "aria-hidden": "true", text: signs[polarity] ?? "·" }),
        data.themes[theme][1],
        make("span", { class: "hidden", text: ` (${spoken.say(`polarity_${name}`)})` }));
    });
  }

  function show(at, state) {
    const [text, source, language, , marks, , ...places] = data.comments[at];
    const [before, after] = spoken.say("quote", { text: "\n" }).split("\n");
    const kinds = new Set(marks.map((mark) => data.polarities[mark[1]]));
    const from = data.facets.map(({ key, name, options }, facet) => {
      const value = places[facet] ? options[places[facet] - 1][1] : "";
      return value && (key === "language" ? value : `${name}: ${value}`);
    });
    const kind = kinds.size === 1 ? `q-${[...kinds][0]}` : "q-mixed";
    return make("blockquote", { class: kind, tabindex: "-1" },
      make("p", { dir: "auto", lang: language }, before, ...marked(text, marks, state), after),
      make("footer", {},
        make("bdi", { text: [source, ...from].filter(Boolean).join(" · ") }),
        make("ul", { class: "tags" }, ...tags(marks))));
  }
  return { matching, show, total: data.comments.length };
}

/* What is chosen, in the address of the page: #explore?theme=price&group=promoters. */
function makeAddress(fields) {
  const START = "#explore?";
  function read() {
    const given = location.hash.startsWith(START) ? location.hash.slice(START.length) : "";
    const asked = new URLSearchParams(given);
    const state = { group: -1, theme: -1, polarity: -1, from: -1, to: -1 };
    state.q = (asked.get("q") ?? "").trim().slice(0, 200);
    for (const { key, options } of fields) {
      state[key] = options.findIndex(([value]) => value === asked.get(key));
    }
    if (state.to >= 0 && state.from > state.to) state.to = -1;
    return state;
  }
  function write(state, replace) {
    const asked = new URLSearchParams();
    for (const { key, options } of fields) {
      if (state[key] >= 0) asked.set(key, options[state[key]][0]);
    }
    if (state.q) asked.set("q", state.q);
    const hash = START + asked;
    if (replace) location.replace(hash);
    else location.hash = hash;
  }
  return { read, write };
}
