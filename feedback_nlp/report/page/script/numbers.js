/* Whole numbers from text: 5 bits a sign, the low ones first, 32 if more follow. */
function unpack(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const place = new Map([...digits].map((sign, at) => [sign, at]));
  const values = [];
  let value = 0;
  let shift = 0;
  for (const sign of text) {
    const digit = place.get(sign);
    value += (digit & 31) * 2 ** shift;
    if (digit > 31) shift += 5;
    else {
      values.push(value);
      value = shift = 0;
    }
  }
  return values;
}

/* The lower end of the score interval for answers from 0 on: scores/score_interval.py. */
function lowerEnd(answers, counts, span, z) {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const mean = answers.reduce((sum, answer, at) => sum + answer * counts[at], 0) / n;
  if (!(mean > 0)) return 0;
  let rejected = 2;
  let held = 0;
  let end = 0;
  for (let step = 0; step <= 55; step += 1) {
    const place = step < 55 ? (rejected + held) / 2 : rejected;
    const tilt = Math.min(place, 1);
    let total = 0;
    let first = 0;
    let second = 0;
    answers.forEach((answer, at) => {
      const weight = counts[at] / Math.max(1 - tilt + (tilt * answer) / mean, 1e-200);
      total += weight;
      first += weight * answer;
      second += weight * answer * answer;
    });
    const kept = (1 - Math.max(place - 1, 0)) / total;
    end = kept * first;
    const variance = Math.max(kept * second - end * end, 0);
    const below = mean - end;
    if (n * below * below > z * z * variance && below > 1e-12 * span) rejected = place;
    else held = place;
  }
  return end;
}

/* Mean of answers between two bounds, with the ends of its score interval. */
function scoreOf(answers, counts, low, high, z) {
  const given = answers.filter((_, at) => counts[at] > 0);
  const times = counts.filter((count) => count > 0);
  const n = times.reduce((sum, count) => sum + count, 0);
  const value = given.reduce((sum, answer, at) => sum + answer * times[at], 0) / n;
  const span = high - low;
  const lower = low + lowerEnd(given.map((answer) => answer - low), times, span, z);
  const upper = high - lowerEnd(given.map((answer) => high - answer), times, span, z);
  return { value, n, low: Math.min(lower, value), high: Math.max(upper, value) };
}

/* Numbers and sentences as the language of the report writes them. */
function makeSpoken({ language, unit }, words) {
  const digits = unit === "rating" ? 2 : 1;
  const minus = (text) => text.replace("-", "\u2212");
  const style = {
    useGrouping: "always", minimumFractionDigits: digits, maximumFractionDigits: digits,
  };
  const plain = new Intl.NumberFormat(language, style);
  const percent = new Intl.NumberFormat(language, { ...style, style: "percent" });
  const whole = new Intl.NumberFormat(language, { useGrouping: "always" });
  const part = new Intl.NumberFormat(language, { style: "percent" });
  const plural = new Intl.PluralRules(language);
  const rounded = (value) => {
    const size = Math.floor(Math.abs(value) * 10 ** digits + 0.5 + 1e-9) / 10 ** digits;
    return Math.sign(value) * size || 0;
  };
  const say = (key, values = {}) => {
    const text = words[key] ?? words[`${key}.${plural.select(values.n)}`] ?? words[`${key}.other`];
    return text.replace(/\{(\w+)\}/g, (_, name) =>
      typeof values[name] === "number" ? whole.format(values[name]) : values[name]);
  };
  const bare = (value) => minus(plain.format(rounded(value)));
  const signed = (value) => (rounded(value) > 0 ? "+" : "") + bare(value);
  const figure = (value) => {
    if (unit === "points") return signed(value);
    return unit === "percent" ? minus(percent.format(rounded(value) / 100)) : bare(value);
  };
  const ends = (low, high) => unit === "points"
    ? say("signed", { low: signed(low), high: signed(high) })
    : say("plain", { low: bare(low), high: figure(high) });
  const between = ({ low, high, n }) =>
    say("between", { level: words.level, interval: ends(low, high), n }).replace(" = ", "\u00a0=\u00a0");
  const share = (some, all) =>
    some > 0 && some / all < 0.005 ? `<${part.format(0.01)}` : part.format(some / all);
  return { say, figure, between, share, count: whole.format };
}

const LETTERS = { ø: "o", æ: "ae", œ: "oe", ß: "ss", đ: "d", ł: "l" };

/* A text without case and accents, and where each of its signs comes from. */
function fold(text) {
  let folded = "";
  const from = [];
  let at = 0;
  for (const sign of text) {
    const bare = sign.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const letters = LETTERS[bare] ?? bare;
    for (let i = 0; i < letters.length; i += 1) from.push(at);
    folded += letters;
    at += sign.length;
  }
  from.push(at);
  return { folded, from };
}

/* Where any of the words are in a text: ends of stretches, joined where they touch. */
function hitsIn({ folded, from }, words) {
  const found = [];
  for (const word of words) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      let end = at + word.length;
      while (end < folded.length && from[end] === from[end - 1]) end += 1;
      found.push([from[at], from[end]]);
    }
  }
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}
