/**
 * The routine as something one can do: drawings, the player, and the check-in.
 *
 * The widget loads this file on the first tap on Start. Nothing here moves on by itself, keeps anything that was not asked
 * for, or sends anything but the ids of an answer. Time is the clock's difference, never a count of ticks, because a tab in
 * the background ticks late. Everything is built by createElement and textContent; words come from data/<lang>/widget.yml.
 *
 * @typedef {{id: string, title: string, phase: string, setup: ?string, steps: string[], stop_if: string, amount?: string,
 *   care?: string, drawing: ?string, drawing_text: ?string, sides: ?("each"|"alternate"),
 *   dose: ?{hold_s?: number, reps?: number[], minutes?: number[], frequency?: string}}} Practice
 * @typedef {{get(key: string): ?string, set(key: string, value: string): void, remove(key: string): void}} Storage
 */

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
.play { display: grid; gap: 0.75em; overflow-wrap: anywhere; }
.play > *, .play form > *, .play-tool > * { min-inline-size: 0; }
.play h3 { font-size: 1.25em; line-height: 1.25; }
.play-top, .play-nav { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: 0.5em; }
.play-nav > :last-child { margin-inline-start: auto; }
.play-drawing { display: grid; justify-items: center; padding: 0.5em; background: #fff; color: #17323a; border: 1px solid var(--supple-line, #8299a1);
  border-radius: 0.6em; forced-color-adjust: none; }
.play-drawing svg { inline-size: 100%; block-size: auto; max-block-size: 10.5em; stroke: none; }
.play-ours { font-size: 0.875em; text-align: end; margin-block-start: -0.5em; }
.play-box { border: 3px solid currentColor; border-inline-start-width: 12px; border-radius: 0.6em; padding: 1em; display: grid; gap: 0.75em; }
.play-box a { display: inline-flex; align-items: center; min-block-size: 44px; font-weight: 700; }
.play-tool { display: grid; gap: 0.75em; justify-items: center; padding: 1em; border: 1px solid var(--supple-line, currentColor); border-radius: 0.6em;
  background: var(--supple-tint, transparent); }
.play-tool form, .play form { display: grid; gap: 0.75em; }
.play-row { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5em; }
.play-dial { display: grid; place-items: center; min-block-size: 4em; }
.play-dial > * { grid-area: 1 / 1; }
.play-dial svg { inline-size: 9em; block-size: 9em; transform: rotate(-90deg); }
.play-ring { stroke: var(--supple-line, currentColor); stroke-width: 2; }
.play-arc { stroke: var(--supple-accent, currentColor); stroke-width: 8; stroke-linecap: butt; }
.play-number { font-size: 2em; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.play-count, .play-side { font-weight: 700; }
.play-fields { display: flex; flex-wrap: wrap; gap: 0.75em; align-items: end; }
.play-fields label { display: grid; gap: 0.25em; }
.play input[type=number], .play select { font: inherit; inline-size: 7em; max-inline-size: 100%; min-block-size: 44px; padding: 0.4em 0.6em; border-radius: 0.5em;
  color: inherit; background: var(--supple-background, Canvas); border: 1px solid var(--supple-line, currentColor); }
.play-check { display: flex; align-items: center; gap: 0.75em; min-block-size: 44px; cursor: pointer; }
.play-scale { display: grid; grid-template-columns: repeat(6, minmax(44px, 1fr)); gap: 0.25em; }
.play-scale .option { flex-direction: column-reverse; gap: 0.1em; padding: 0.25em 0; }
.play-ends { display: flex; justify-content: space-between; gap: 1em; }
.play-scroll { overflow-x: auto; }
.play table { border-collapse: collapse; inline-size: 100%; font-size: 0.9375em; overflow-wrap: normal; }
.play th, .play td { text-align: start; vertical-align: top; padding: 0.4em 0.6em 0.4em 0; border-block-end: 1px solid var(--supple-line, currentColor); }
.play td button { padding: 0.2em 0.6em; margin: 0.15em; }
.play-chart { inline-size: 100%; block-size: auto; max-inline-size: 32em; }
.play-chart text { font-size: 11px; fill: currentColor; stroke: none; }
.play-chart .before { stroke-dasharray: 5 4; }
.play-chart .after { stroke: var(--supple-accent, currentColor); stroke-width: 3; }
.play-chart .grid { opacity: 0.3; stroke-width: 1; }
.play-chart circle { fill: var(--supple-background, Canvas); }
.play-chart rect { fill: var(--supple-accent, currentColor); stroke: none; }
@media (prefers-reduced-motion: reduce) { .play-dial svg { display: none; } }
@media (forced-colors: active) { .play-arc, .play-chart .after { stroke: Highlight; } .play-chart rect { fill: Highlight; } }
`);

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; functions under `on…` are listeners. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child != null && child !== ""));
  return made;
}

/** An element of a drawing, with attributes. */
function shape(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A text with its placeholders filled. */
const fill = (text, values = {}) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** A button; the one that leads on has no class, as in the rest of the widget. */
const button = (label, onclick, more = {}) => el("button", { type: "button", class: "quiet", onclick, ...more }, label);

/** Empty `root`, make it ours, and see that its shadow root knows our sheet. */
function take(root) {
  const scope = /** @type {ShadowRoot | Document} */ (root.getRootNode());
  if (!scope.adoptedStyleSheets.includes(sheet)) scope.adoptedStyleSheets = [...scope.adoptedStyleSheets, sheet];
  root.replaceChildren();
  root.classList.add("play");
}

// Drawings

const SHAPES = new Set(["svg", "g", "path", "circle", "rect", "line", "polyline", "ellipse"]);
const ATTRIBUTES = new Set(
  ("viewBox d cx cy r rx ry x y x1 y1 x2 y2 points width height fill stroke stroke-width stroke-linecap stroke-linejoin " +
    "stroke-dasharray paint-order").split(" "),
);

/** A copy of a drawing's node that holds nothing but plain shapes. */
function copied(node) {
  const plain = [...node.attributes].filter(({ name }) => ATTRIBUTES.has(name)).map(({ name, value }) => [name, value]);
  const inside = [...node.children].filter(({ localName }) => SHAPES.has(localName));
  return shape(node.localName, Object.fromEntries(plain), ...inside.map(copied));
}

/**
 * A drawing, told by `text` to who does not see it; while or where it cannot be had, the words stand in its place.
 * An XMLHttpRequest, because its document passes no Trusted Types sink, as a DOMParser's would.
 */
export function drawing(address, text) {
  const place = el("span", { class: "play-drawing", role: "img", "aria-label": text }, text);
  const asked = new XMLHttpRequest();
  asked.responseType = "document";
  asked.onload = () => {
    const root = asked.status === 200 && asked.responseXML ? asked.responseXML.documentElement : null;
    if (root?.localName === "svg") place.replaceChildren(copied(root));
  };
  asked.open("GET", address);
  asked.send();
  return place;
}

// The player

const KEY = "player";
const TICK = 200;
const MORE = 10;
const MOST = { seconds: 3600, times: 100 };
const CIRCLE = 2 * Math.PI * 54;

/** How long and how often: as the article states it, else as the person set it. */
function aim(practice, own) {
  const dose = practice.dose ?? {};
  const seconds = dose.hold_s ?? (dose.minutes ? 60 * (own.minutes ?? dose.minutes[0]) : own.seconds) ?? null;
  const reps = dose.reps ?? (own.times ? [own.times] : null);
  return { seconds, low: reps?.[0] ?? null, high: reps?.at(-1) ?? null, own: !(dose.hold_s || dose.minutes || dose.reps) };
}

/** Seconds as a person reads them. */
const clock = (seconds) => (seconds < 60 ? `${seconds}` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);

class Player {
  constructor(root, options) {
    Object.assign(this, { root, ...options, sound: false, ticking: 0, lock: null, tones: null });
    /** Where the person is; all that is kept, and nothing else is. */
    this.at = { ids: this.practices.map(({ id }) => id).join(), screen: 0, own: {}, ...this.fresh() };
    this.seen = () => document.visibilityState === "visible" && this.since !== null && this.keepAwake();
    document.addEventListener("visibilitychange", this.seen);
    take(root);
    this.show(this.resume() ? this.words.resumed : "");
  }

  /** A set that has not begun: no milliseconds of it `spent`, no seconds added. */
  fresh() {
    this.since = null;
    return { side: 0, count: 0, spent: 0, more: 0, done: false };
  }

  /** Take up what was left in this tab; it waits for the person. */
  resume() {
    try {
      const kept = JSON.parse(this.storage?.get(KEY) ?? "null");
      if (kept?.ids !== this.at.ids || !(kept.screen < this.practices.length)) return false;
      this.at = { ...this.at, ...kept };
      return true;
    } catch {
      return false;
    }
  }

  keep() {
    if (!this.over) this.storage?.set(KEY, JSON.stringify({ ...this.at, spent: this.spent() }));
  }

  close() {
    this.rest();
    this.keep();
    document.removeEventListener("visibilitychange", this.seen);
    this.tones?.close();
    this.tones = null;
    this.root.replaceChildren();
  }

  // Time

  spent() {
    return this.at.spent + (this.since === null ? 0 : Date.now() - this.since);
  }

  total() {
    return 1000 * (this.aim.seconds + this.at.more);
  }

  /** Begin, or go on. */
  run() {
    if (this.at.done && !this.byRep()) Object.assign(this.at, this.fresh(), { side: this.at.side });
    const begins = this.at.spent === 0;
    this.since = Date.now();
    this.told = this.due();
    this.ticking = setInterval(() => this.tick(), TICK);
    this.keepAwake();
    const time = this.said(this.aim.seconds + this.at.more);
    this.announce(this.byRep() ? this.words.said_hold : fill(begins ? this.words.said_start : this.words.said_on, { time }));
    this.refresh();
  }

  /** Stop the clock, where it stands. */
  rest() {
    clearInterval(this.ticking);
    this.at.spent = this.spent();
    this.since = null;
    this.lock?.release().catch(() => {});
    this.lock = null;
  }

  pause() {
    this.rest();
    this.announce(this.words.said_paused);
    this.refresh();
  }

  tick() {
    const due = this.due();
    if (this.spent() >= this.total()) return this.timeUp();
    // after a sleep only the newest is said
    if (due > this.told) this.announce(due === 2 ? this.words.said_three : this.words.said_half);
    this.told = Math.max(due, this.told);
    this.paint();
  }

  /** What is due to be said: 1 half way, 2 three seconds before the end; not where that would be mere noise. */
  due() {
    const [spent, total] = [this.spent(), this.total()];
    if (total >= 8000 && total - spent <= 3000) return 2;
    return total >= 20000 && spent >= total / 2 ? 1 : 0;
  }

  timeUp() {
    this.rest();
    this.signal();
    if (this.byRep()) {
      Object.assign(this.at, { spent: 0, more: 0 });
      this.add(1, this.words.said_let_go);
    } else {
      Object.assign(this.at, { spent: this.total(), done: true });
      this.announce(this.words.said_done);
      this.refresh();
    }
  }

  add10() {
    this.at.more += MORE;
    if (!this.byRep()) this.at.done = false;
    this.told = this.due();
    this.refresh();
  }

  // Counting and sides

  byRep() {
    return this.aim.seconds !== null && this.aim.low !== null;
  }

  add(number, said = "") {
    this.at.count = Math.max(0, this.at.count + number);
    this.at.done = this.at.count >= this.aim.low;
    if (this.practice.sides === "alternate") this.at.side = this.at.count % 2;
    const side = this.practice.sides === "alternate" && number > 0 ? ` ${this.side()}.` : "";
    this.announce(`${said} ${this.counted()}${side}`.trim());
    this.refresh();
  }

  counted() {
    const { low, high } = this.aim;
    return fill(this.words.count_of, { count: this.at.count, reps: low === high ? low : `${low}–${high}` });
  }

  side() {
    return this.at.side ? this.words.side_b : this.words.side_a;
  }

  changeSide() {
    this.rest();
    Object.assign(this.at, this.fresh(), { side: 1 - this.at.side });
    this.announce(`${this.side()}.`);
    this.refresh();
  }

  // Beside the clock

  async keepAwake() {
    try {
      this.lock = (await navigator.wakeLock?.request("screen")) ?? null;
      if (this.since === null) this.lock?.release();
    } catch {
      this.lock = null; // the time runs without it
    }
  }

  /** A short tone and a buzz, where the person wants them. */
  signal() {
    if (!this.sound) return;
    navigator.vibrate?.(200);
    const tone = this.tones.createOscillator();
    tone.frequency.value = 660;
    tone.connect(this.tones.destination);
    tone.start();
    tone.stop(this.tones.currentTime + 0.25);
  }

  // Screens

  go(by) {
    this.rest();
    Object.assign(this.at, this.fresh(), { screen: this.at.screen + by });
    if (this.at.screen < this.practices.length) return this.show();
    this.over = true;
    this.storage?.remove(KEY);
    this.finish();
  }

  show(note = "") {
    const { words, practices } = this;
    this.practice = practices[this.at.screen];
    const { practice } = this;
    this.aim = aim(practice, this.at.own[practice.id] ?? {});
    const heading = el("h3", { tabindex: -1 }, practice.title);
    const address = practice.drawing && this.drawings[practice.drawing];
    this.next = button("", () => this.go(1));
    this.root.replaceChildren(
      el("div", { class: "play-top" }, this.where(), button(words.back_to_talk, () => this.onClose())),
      heading,
      el("p", { class: "play-note", hidden: !note }, note),
      ...(address ? [drawing(address, practice.drawing_text), el("p", { class: "play-ours small" }, words.ours)] : []),
      el("p", { hidden: !practice.setup }, practice.setup),
      el("ol", {}, ...practice.steps.map((step) => el("li", {}, step))),
      el("p", { hidden: !practice.care }, practice.care),
      el("p", { class: "stop" }, practice.stop_if),
      this.measured() ? this.tool() : el("p", { class: "amount", hidden: !practice.amount }, practice.amount),
      el("div", { class: "play-nav" }, ...(this.at.screen ? [button(words.back, () => this.go(-1))] : []), this.next),
    );
    this.refresh();
    heading.focus();
  }

  /** Whether there is something to time or count; not in a habit, or in asking a person. */
  measured() {
    return !["refer", "habit"].includes(this.practice.phase);
  }

  where() {
    const values = { number: this.at.screen + 1, count: this.practices.length };
    return el("p", { class: "small" }, fill(this.words.where, values));
  }

  finish() {
    const heading = el("h3", { tabindex: -1 }, this.words.end_title);
    this.root.replaceChildren(
      heading,
      el("p", {}, this.words.end_text),
      el(
        "div",
        { class: "play-nav" },
        button(this.words.back_to_talk, () => this.onClose()),
        button(this.words.check_in, () => this.onDone(), { class: "" }),
      ),
    );
    heading.focus();
  }

  /** The clock and the counter of one practice, and what the person may set. */
  tool() {
    const { words, practice } = this;
    const { minutes } = practice.dose ?? {};
    this.place = el("p", { class: "play-side" });
    this.number = el("div", { role: "timer", class: "play-number", "aria-label": words.time_left });
    this.arc = shape("circle", { class: "play-arc", cx: 60, cy: 60, r: 54, "stroke-dasharray": CIRCLE });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const track = shape("circle", { class: "play-ring", cx: 60, cy: 60, r: 54 });
    const ring = shape("svg", { viewBox: "0 0 120 120", "aria-hidden": "true" }, track, this.arc);
    this.dial = el("div", { class: "play-dial" }, ...(still ? [] : [ring]), this.number);
    this.counter = el("p", { class: "play-count" });
    this.main = button("", () => this.act(), { class: "" });
    this.more = button(words.more, () => this.add10());
    this.less = button(words.take_back, () => this.add(-1));
    this.change = button(words.change_side, () => this.changeSide());
    this.reached = el("p", { class: "play-reached" });
    return el(
      "div",
      { class: "play-tool" },
      el("p", { class: "amount" }, practice.amount),
      ...(minutes && minutes[0] !== minutes.at(-1) ? [this.choice(minutes)] : []),
      ...(this.aim.own ? [this.settings()] : []),
      this.place,
      this.dial,
      this.counter,
      el("div", { class: "play-row" }, this.main, this.more, this.less, this.change),
      this.reached,
      this.soundBox(),
    );
  }

  soundBox() {
    const chosen = () => {
      this.sound = box.checked;
      if (this.sound) this.tones ??= new AudioContext(); // within the tap, or browsers stay mute
    };
    const box = el("input", { type: "checkbox", checked: this.sound, onchange: chosen });
    return (this.loud = el("label", { class: "play-check" }, box, this.words.sound));
  }

  /** Where the article states from how much to how much. */
  choice([low, high]) {
    const known = this.at.own[this.practice.id]?.minutes ?? low;
    const numbers = Array.from({ length: high - low + 1 }, (_, more) => low + more);
    const list = el("select", { onchange: () => this.set({ minutes: Number(list.value) }) });
    list.append(...numbers.map((number) => el("option", { value: number, selected: number === known }, String(number))));
    return el("div", { class: "play-fields" }, el("label", {}, this.words.set_minutes, list));
  }

  /** Where the article gives no number: the person's own, or none. */
  settings() {
    const { words } = this;
    const known = this.at.own[this.practice.id] ?? {};
    const field = (name) =>
      el("input", { type: "number", inputmode: "numeric", min: 1, max: MOST[name], step: 1, value: known[name], name });
    const [seconds, times] = [field("seconds"), field("times")];
    const error = el("p", { class: "error", role: "alert" });
    const use = () => {
      const wrong = [seconds, times].find((input) => !input.checkValidity());
      error.textContent = wrong ? fill(words.set_wrong, { most: wrong.max }) : "";
      if (wrong) return wrong.focus();
      const number = (input) => (input.value ? Number(input.value) : undefined);
      this.set({ seconds: number(seconds), times: number(times) });
      (this.main.hidden ? seconds : this.main).focus();
    };
    return el(
      "form",
      { novalidate: true, onsubmit: (event) => (event.preventDefault(), use()) },
      el("p", {}, words.no_number),
      el(
        "div",
        { class: "play-fields" },
        el("label", {}, words.set_seconds, seconds),
        el("label", {}, words.set_times, times),
        button(words.set_use, null, { type: "submit" }),
      ),
      error,
    );
  }

  set(own) {
    this.rest();
    this.at.own[this.practice.id] = own;
    this.aim = aim(this.practice, own);
    Object.assign(this.at, this.fresh());
    this.refresh();
  }

  /** What the main button does: hold, start, pause, go on, or count one. */
  act() {
    if (this.aim.seconds === null) this.add(1);
    else if (this.since === null) this.run();
    else this.pause();
  }

  /** Bring what stands on the screen up to date; no element is made anew, so the focus stays. */
  refresh() {
    const { words, aim: target, at, practice } = this;
    this.keep();
    const last = at.screen === this.practices.length - 1;
    const tool = this.measured();
    this.next.textContent = last ? words.finish : tool && !at.done ? words.skip : words.next;
    this.next.classList.toggle("quiet", tool && !at.done);
    if (!tool) return;
    const timed = target.seconds !== null;
    const counts = target.low !== null;
    const running = this.since !== null;
    this.place.hidden = !practice.sides || !(timed || counts);
    this.place.textContent = this.side();
    this.dial.hidden = !timed;
    this.counter.hidden = !counts;
    this.counter.textContent = counts ? this.counted() : "";
    this.main.hidden = !timed && !counts;
    this.main.textContent = this.label(timed, running);
    this.more.hidden = !timed;
    this.less.hidden = !counts || running || at.count === 0;
    this.change.hidden = practice.sides !== "each" || running || !(timed || counts);
    this.loud.hidden = !timed;
    this.reached.hidden = !at.done;
    this.reached.textContent = target.own ? words.reached_own : words.reached;
    if (timed) this.paint();
  }

  label(timed, running) {
    const { words, at } = this;
    if (!timed) return words.count_one;
    if (running) return words.pause;
    if (at.spent > 0 && !at.done) return words.go_on;
    if (this.byRep()) return words.hold;
    return at.done ? words.once_more : words.start;
  }

  /** The number, and the ring where there is one. */
  paint() {
    const left = Math.max(0, this.total() - this.spent());
    const text = clock(Math.ceil(left / 1000));
    if (this.number.textContent !== text) {
      this.number.textContent = text;
      if (this.since !== null) this.keep();
    }
    this.arc.setAttribute("stroke-dashoffset", String(CIRCLE * (1 - left / this.total())));
  }

  /** A time in words, to be spoken. */
  said(seconds) {
    const whole = seconds >= 120 && seconds % 60 === 0;
    return fill(whole ? this.words.minutes : this.words.seconds, { number: whole ? seconds / 60 : seconds });
  }
}

/** The player in `root`; `close` it when the panel goes, or a person must be seen first. */
export function mountPlayer(root, options) {
  const player = new Player(root, options);
  return { close: () => player.close(), pause: () => player.since !== null && player.pause() };
}

// The check-in

const HOW = ["done", "partly", "not_today"];
const SCORES = Array.from({ length: 11 }, (_, score) => score);
const ENTRIES = 60;

/** Check-ins that the person chose to keep, in this browser and nowhere else. */
class Diary {
  constructor(key) {
    this.key = key;
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      const sound = (entry) => HOW.includes(entry?.how) && !Number.isNaN(Date.parse(entry.day));
      return Array.isArray(kept) ? kept.filter(sound) : [];
    } catch {
      return [];
    }
  }

  /** Keep these and no others; whether the browser lets us. */
  write(entries) {
    try {
      if (entries.length) localStorage.setItem(this.key, JSON.stringify(entries.slice(-ENTRIES)));
      else localStorage.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }
}

class CheckIn {
  /** @param options `place`: the key of localStorage under which a kept answer goes; `send`: posts an answer into the talk */
  constructor(root, options) {
    Object.assign(this, { root, ...options, diary: new Diary(options.place) });
    take(root);
    this.show();
  }

  show(entry = null, note = "") {
    const { words } = this;
    const heading = el("h3", { tabindex: -1 }, entry ? fill(words.change_title, { day: this.day(entry) }) : words.check_in);
    this.root.replaceChildren(heading, el("p", { hidden: !note }, note), this.form(entry), ...this.notes());
    heading.focus();
  }

  close() {
    this.root.replaceChildren();
  }

  // The form

  form(entry) {
    const { words, scores } = this;
    const kept = this.diary.read().length > 0;
    const keep = el("input", { type: "checkbox", checked: kept, "aria-describedby": "play-keep" });
    const error = el("p", { class: "error", role: "alert" });
    const form = el(
      "form",
      { novalidate: true },
      this.group("how", words.how, HOW.map((id) => [id, words[id]]), entry?.how),
      ...(scores ? ["before", "after"].map((name) => this.scale(name, words[name], entry?.[name])) : [this.compared(entry)]),
      ...(entry ? [] : [el("label", { class: "play-check" }, keep, words.keep), el("p", { id: "play-keep" }, words.keep_hint)]),
      error,
      el(
        "div",
        { class: "play-nav" },
        button(words.cancel, () => (entry ? this.show() : this.onClose())),
        button(entry ? words.save : words.send, null, { type: "submit", class: "" }),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const told = this.told(form);
      error.textContent = told ? "" : words.choose_first;
      if (told) this.answer(told, entry, keep.checked);
      else form.querySelector("input").focus();
    });
    return form;
  }

  /** What the form says; nothing where the first question is not answered. */
  told(form) {
    const said = new FormData(form);
    if (!said.has("how")) return null;
    const [before, after] = ["before", "after"].map((name) => (said.has(name) ? Number(said.get(name)) : null));
    const rose = before !== null && after !== null && after > before;
    return { how: String(said.get("how")), before, after, worse: rose || said.get("worse") === "yes" };
  }

  /** Where the site wants no scores, the one thing that must be known. */
  compared(entry) {
    const { words } = this;
    const choices = [["no", words.not_worse], ["yes", words.worse]];
    return this.group("worse", words.compare, choices, entry && (entry.worse ? "yes" : "no"));
  }

  group(name, legend, choices, chosen) {
    const radio = ([value, label]) =>
      el("label", { class: "option" }, el("input", { type: "radio", name, value, checked: value === chosen }), label);
    return el("fieldset", {}, el("legend", {}, legend), ...choices.map(radio));
  }

  scale(name, legend, chosen) {
    const { words } = this;
    const ends = { 0: words.score_least, 10: words.score_most };
    const radio = (value) => {
      const label = value in ends ? `${value}, ${ends[value]}` : value;
      const input = el("input", { type: "radio", name, value, checked: value === chosen, "aria-label": label });
      return el("label", { class: "option" }, input, String(value));
    };
    return el(
      "fieldset",
      {},
      el("legend", {}, legend),
      el("div", { class: "play-scale" }, ...SCORES.map(radio)),
      el("p", { class: "play-ends small", "aria-hidden": "true" }, ...[0, 10].map((end) => el("span", {}, `${end}: ${ends[end]}`))),
    );
  }

  /** Keep an answer where the person wants that, and send its ids into the talk, which asks about danger signs again. */
  answer(told, entry, keep) {
    const { words } = this;
    const entries = this.diary.read();
    let note = "";
    if (entry) {
      const changed = entries.map((each) => (each.day === entry.day ? { ...each, ...told } : each));
      note = this.diary.write(changed) ? words.saved : words.not_saved;
    } else if (keep) {
      note = this.diary.write([...entries, { day: new Date().toISOString(), ...told }]) ? words.saved : words.not_saved;
    }
    if (note) this.announce(note);
    if (entry && !told.worse) return this.show(null, note);
    const answer = { choose: [told.how, ...(told.worse ? ["worse"] : [])], question: "checkin" };
    if (told.worse) this.stop(answer);
    else this.leave(answer);
  }

  /** Back to the talk, with the answer. */
  leave(answer) {
    const { words } = this;
    this.waits = null;
    this.onClose();
    this.send(answer, words[answer.choose[0]] + (answer.choose[1] ? `, ${words.col_worse}` : ""));
  }

  /** Worse than before: stop, and whom to ask; the danger signs come next. */
  stop(answer) {
    const { words, site } = this;
    this.waits = answer;
    const heading = el("h3", { tabindex: -1 }, words.stop_title);
    const link = (href, text, more = {}) => el("p", {}, el("a", { href, ...more }, text));
    const ways = [];
    if (site.phone) ways.push(link(`tel:${site.phone.replace(/[^+\d]/g, "")}`, fill(words.call, { name: site.name, phone: site.phone })));
    if (site.booking?.startsWith("https://")) ways.push(link(site.booking, words.book, { target: "_blank", rel: "noopener noreferrer" }));
    if (!ways.length) ways.push(el("p", {}, words.ask_someone));
    this.root.replaceChildren(
      el("div", { class: "play-box" }, heading, el("p", {}, words.stop_text), ...ways),
      el("div", { class: "play-row" }, button(words.on_to_signs, () => this.leave(answer), { class: "" })),
    );
    heading.focus();
  }

  // What is kept

  day({ day }) {
    const shown = { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" };
    return new Intl.DateTimeFormat(this.site.locale ?? this.lang, shown).format(new Date(day));
  }

  notes() {
    const { words } = this;
    const entries = this.diary.read();
    if (!entries.length) return [];
    const scored = entries.filter(({ before, after }) => before !== null && after !== null);
    const parts = [el("h4", {}, words.notes_title)];
    if (this.scores && scored.length > 1) parts.push(chart(scored, words));
    const wide = { class: "play-scroll", tabindex: 0, role: "region", "aria-label": words.notes_title };
    const all = button(words.delete_all, () => this.remove(() => false));
    return [...parts, el("div", wide, this.table(entries)), el("div", { class: "play-row" }, all)];
  }

  table(entries) {
    const { words, scores } = this;
    const shown = scores ? ["before", "after"] : [];
    const head = [words.col_day, words.col_how, ...shown.map((name) => words[`col_${name}`]), words.col_do];
    const row = (entry) => {
      const named = (label, act) => button(label, act, { "aria-label": `${label}: ${this.day(entry)}` });
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, this.day(entry)),
        el("td", {}, words[entry.how] + (entry.worse ? `, ${words.col_worse}` : "")),
        ...shown.map((name) => el("td", {}, String(entry[name] ?? "–"))),
        el(
          "td",
          {},
          named(words.change, () => this.show(entry)),
          named(words.delete, () => this.remove((each) => each.day !== entry.day)),
        ),
      );
    };
    const columns = el("tr", {}, ...head.map((text) => el("th", { scope: "col" }, text)));
    return el("table", {}, el("thead", {}, columns), el("tbody", {}, ...entries.map(row)));
  }

  remove(stays) {
    this.diary.write(this.diary.read().filter(stays));
    this.announce(this.words.deleted);
    this.show(null, this.words.deleted);
  }
}

/** Before and after as two lines that differ by dash and mark, not by colour alone; the table beside it says the same. */
function chart(entries, words) {
  const [left, right, top, bottom] = [28, 312, 12, 132];
  const x = (index) => left + ((right - left) * index) / (entries.length - 1);
  const y = (score) => bottom - ((bottom - top) * score) / 10;
  const points = (name) => entries.map((entry, index) => `${x(index).toFixed(1)},${y(entry[name]).toFixed(1)}`).join(" ");
  const grid = [0, 5, 10].flatMap((score) => [
    shape("line", { class: "grid", x1: left, x2: right, y1: y(score), y2: y(score) }),
    shape("text", { x: left - 6, y: y(score) + 4, "text-anchor": "end" }, String(score)),
  ]);
  const dots = entries.flatMap((entry, index) => [
    shape("circle", { cx: x(index), cy: y(entry.before), r: 4 }),
    shape("rect", { x: x(index) - 4, y: y(entry.after) - 4, width: 8, height: 8 }),
  ]);
  const key = [
    shape("circle", { cx: left + 6, cy: 152, r: 4 }),
    shape("text", { x: left + 16, y: 156 }, words.col_before),
    shape("rect", { x: left + 100, y: 148, width: 8, height: 8 }),
    shape("text", { x: left + 114, y: 156 }, words.col_after),
  ];
  const last = entries.at(-1);
  const label = fill(words.chart, { count: entries.length, before: last.before, after: last.after });
  const lines = ["before", "after"].map((name) => shape("polyline", { class: name, points: points(name) }));
  return shape("svg", { class: "play-chart", viewBox: "0 0 324 164", role: "img", "aria-label": label }, ...grid, ...lines, ...dots, ...key);
}

/** The check-in in `root`. */
export function mountCheckIn(root, options) {
  const checkIn = new CheckIn(root, options);
  // who closes the panel before the last tap has answered all the same
  return { close: () => checkIn.close(), pause: () => checkIn.waits && checkIn.leave(checkIn.waits) };
}
