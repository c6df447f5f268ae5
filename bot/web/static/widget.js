// @ts-check
/**
 * Supple's chat widget: one plain ES module, no dependency, no build step.
 *
 *   <script type="module" src="…/widget.js" data-site="ID"></script>    a launcher in the corner of the page
 *   <supple-chat site="ID" mode="inline"></supple-chat>                 a chat that sits in the page
 *
 * Before the first click it asks for nothing, keeps nothing and reads nothing of the page but its own tag. Then it
 * reads the site's settings and opening; a talk is begun with the first message. A talk is kept in the memory of the
 * page and, once there is one (and consent, where the site asks for it), in sessionStorage under `supple.<site>`: the
 * session's id, what was said and answered, messages that still wait. So it lives through a reload and ends with the
 * tab. Words that led to a crisis card are not put there. The server keeps ids, never words; it is asked whether the
 * talk still stands before what was kept is shown again. No cookie, no id in any address, no word to anybody else.
 *
 * State changes in one pure function, `reduce`. Messages are appended, never drawn anew, so that focus and reading
 * place stay. All text goes through `textContent`; nothing parses HTML.
 */

/** @typedef {{id: string, label: string}} Option */
/** @typedef {{type: string, text: string, [key: string]: any}} Block */
/** @typedef {{level: string, understood: any, blocks: Block[]}} Reply */
/** @typedef {{text?: string, choose?: string[], question?: string}} Message */
/** @typedef {{id: string, who: "you"|"bot"|"note", text: string, message?: Message, reply?: Reply, status?: string, secret?: boolean, opening?: boolean}} Entry */
/** @typedef {{phase: "new"|"loading"|"failed"|"ready", code: string, site: any, session: string, consented: boolean, entries: Entry[], waiting: string[]}} State */

const BASE = new URL(".", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";
const PHONE = "(max-width: 640px), (max-height: 480px)";
const SHOW_WAIT = 400; // ms after which a wait is shown
const SLOW = 4000; // ms after which it is called slow
const MOST = 2000; // characters of a message that the service reads
const GIVE_UP = 20000; // ms after which a message counts as not sent

/** Words for what is seen before the site's own words are there. */
const FIRST = {
  launcher: "Stiff or sore?",
  launcher_resume: "Back to your talk",
  subtitle: "A program, not a person",
  close: "Close",
  exit: "Exit now",
  emergency: "In an emergency",
  emergency_first: "In an emergency call your local emergency number.",
  loading: "One moment…",
  load_failed: "The chat did not load. Please try again.",
  refused: "This chat cannot be used from here.",
  retry: "Try again",
};

/** What each level looks like; its word is the text `level_…`: all three from the one value. */
const LEVELS = {
  emergency: { tone: "grave", icon: "M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5" },
  same_day: { tone: "grave", icon: "M12 3l10 18H2zM12 10v5M12 17.5v.5" },
  clinician_first: { tone: "care", icon: "M12 4a4 4 0 110 8 4 4 0 010-8zM4 21c0-4 4-6 8-6s8 2 8 6" },
  caution: { tone: "care", icon: "M12 2a10 10 0 110 20 10 10 0 010-20zM12 7v6M12 16.5v.5" },
  none: { tone: "plain", icon: "M12 2a10 10 0 110 20 10 10 0 010-20zM12 11v6M12 7v.5" },
};
const ICONS = {
  chat: "M4 4h16a1 1 0 011 1v11a1 1 0 01-1 1H10l-5 4v-4H4a1 1 0 01-1-1V5a1 1 0 011-1zM8 9h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
};
const GRAVE = ["same_day", "emergency"];
const TICKED = ["gate", "fit", "clarify", "safety"]; // questions whose ticked lines are as good as words
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

// ---- State

/** @returns {State} */
export function initial() {
  return { phase: "new", code: "", site: null, session: "", consented: false, entries: [], waiting: [] };
}

/**
 * The state after an event. Pure.
 * @param {State} state
 * @param {{type: string, [key: string]: any}} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "load":
      return { ...state, phase: "loading", code: "" };
    case "loaded":
      return { ...state, phase: "ready", site: event.site };
    case "unloaded":
      return { ...state, phase: "failed", code: event.code };
    case "resumed":
      return { ...state, ...event.kept };
    case "begun":
      return { ...state, session: event.session };
    case "said": {
      const entry = { id: event.id, who: "you", text: event.text, message: event.message, status: "sending" };
      return { ...state, entries: [...state.entries, entry], waiting: [...state.waiting, event.id] };
    }
    case "status":
      return { ...state, entries: state.entries.map((e) => (e.id === event.id ? { ...e, status: event.status } : e)) };
    case "answered": {
      const entries = state.entries.map((e) => (e.id === event.id ? settled(e, event.reply) : e));
      const { level, blocks } = event.reply; // not what was understood: it holds the person's words once more
      const reply = { id: `${event.id}:reply`, who: "bot", text: "", reply: { level, blocks } };
      const consented = state.consented || (event.question === "consent" && !asks(event.reply, "consent"));
      return {
        ...state,
        consented,
        entries: [...entries, reply],
        waiting: state.waiting.filter((id) => id !== event.id),
      };
    }
    case "dropped": // it can never be sent, so it was not said
      return {
        ...state,
        entries: state.entries.filter((e) => e.id !== event.id),
        waiting: state.waiting.filter((id) => id !== event.id),
      };
    case "cleared": {
      const opening = { id: `${event.id}:reply`, who: "bot", text: "", reply: state.site.opening, opening: true };
      const note = event.note ? [{ id: `${event.id}:note`, who: "note", text: event.note }] : [];
      const session = event.keep ? state.session : "";
      return {
        ...state,
        session,
        consented: false,
        waiting: event.waiting || [],
        entries: [...note, opening, ...(event.entries || [])],
      };
    }
  }
  return state;
}

/** A message that was answered; of one that led to a crisis card no words stay. */
function settled(entry, reply) {
  const crisis = reply.blocks.some((b) => b.type === "care_card" && b.lane === "crisis");
  return { ...entry, status: "sent", ...(crisis ? { secret: true } : {}) };
}

/** Whether a reply asks this question. */
function asks(reply, question) {
  return reply.blocks.some((b) => b.type === "choices" && b.question === question);
}

/** The reply that stands last, while no message waits. */
export function standing(state) {
  const last = state.entries[state.entries.length - 1];
  return !state.waiting.length && last && last.who === "bot" ? last : null;
}

/** The question that waits for an answer: the last of the reply that stands, other than "is that right?". */
export function questionOf(reply) {
  const asked = reply.blocks.filter((b) => b.type === "choices" && b.question !== "confirm");
  return asked.length ? asked[asked.length - 1] : null;
}

/** What a person ticked, for the note: a "yes" to a danger sign with its question. @param {State} state */
export function ticked(state) {
  return state.entries.flatMap((e, at) => {
    const { question = "", choose = [] } = e.message || {};
    if (e.secret || !e.text || !TICKED.includes(question) || choose.includes("none")) return [];
    const asked = state.entries.slice(0, at).findLast((before) => before.reply && asks(before.reply, question));
    const text = asked?.reply?.blocks.find((b) => b.question === question)?.text;
    return [question === "safety" && text ? `${text} ${e.text}` : e.text];
  });
}

/** What may be kept in the tab, or null. */
export function keepable(state) {
  if (!state.session || !state.site || (state.site.consent && !state.consented)) return null;
  const entries = state.entries.map((e) => (e.secret ? { ...e, text: "", message: {} } : e));
  return { session: state.session, consented: state.consented, entries, waiting: state.waiting };
}

// ---- Colours

/** @param {string} hex */
function channels(hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

function luminance(hex) {
  const [r, g, b] = channels(hex).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours, 1 to 21. */
export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** A colour on the way from one to another. */
function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return (
    "#" +
    a
      .map((c, i) =>
        Math.round(c + (b[i] - c) * share)
          .toString(16)
          .padStart(2, "0"),
      )
      .join("")
  );
}

/** The colour, lighter, without losing its hue at once. */
function lift(colour, share) {
  return mix(
    "#" +
      channels(colour)
        .map((c) =>
          Math.min(255, Math.round(c * (1 + 1.6 * share)))
            .toString(16)
            .padStart(2, "0"),
        )
        .join(""),
    "#ffffff",
    share * 0.4,
  );
}

/** The colour, moved towards another only as far as its contrast needs. */
function readable(colour, on, towards, least) {
  for (let share = 0; share < 1; share += 0.05) {
    const moved = towards === "#ffffff" ? lift(colour, share) : mix(colour, towards, share);
    if (contrast(moved, on) >= least) return moved;
  }
  return towards;
}

/**
 * All colours from a site's four, for a light or a dark page; whatever is given, what is read can be read.
 * @param {Record<string, string>} theme
 * @param {boolean} dark
 */
export function palette(theme, dark) {
  const own = luminance(theme.background) < 0.2;
  const wished = dark && !own ? "#14191a" : theme.background;
  const night = contrast("#ffffff", wished) > contrast("#000000", wished);
  const [ink, paper] = night ? ["#ffffff", "#000000"] : ["#000000", "#ffffff"];
  const background = readable(wished, ink, paper, 12);
  const text = readable(dark && !own ? "#eef2f2" : theme.text, background, ink, 7);
  const tint = mix(background, night ? "#ffffff" : theme.accent, 0.07);
  const under = contrast(ink, tint) < contrast(ink, background) ? tint : background; // the harder one to read on
  const accent = readable(theme.accent, under, ink, 4.5);
  const wanted = theme.on_accent;
  const black = contrast("#000000", accent) > contrast("#ffffff", accent);
  const grave = night ? "#ffa79c" : "#a3120a";
  const care = night ? "#f2c36b" : "#7a4b00";
  return {
    "--supple-accent": accent,
    "--supple-on-accent": contrast(wanted, accent) >= 4.5 ? wanted : black ? "#000000" : "#ffffff",
    "--supple-background": background,
    "--supple-text": text,
    "--supple-soft": readable(mix(text, background, 0.35), under, ink, 4.5),
    "--supple-line": readable(mix(text, background, 0.6), under, ink, 3),
    "--supple-edge": mix(text, background, 0.84),
    "--supple-tint": tint,
    "--supple-grave": readable(grave, mix(background, grave, 0.08), ink, 4.5),
    "--supple-grave-tint": mix(background, grave, 0.08),
    "--supple-care": readable(care, mix(background, care, 0.08), ink, 4.5),
    "--supple-care-tint": mix(background, care, 0.08),
    "color-scheme": night ? "dark" : "light",
  };
}

// ---- Building the page

/**
 * An element: properties by name, `on…` as listeners, names with a hyphen and `role` as attributes; text as text.
 * @param {string} tag
 * @param {Record<string, any>} [given]
 * @param {...(Node|string|null|undefined|false)} inside
 * @returns {any}
 */
function h(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.includes("-") || ["role", "part", "for", "popover", "list"].includes(name))
      made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...inside.filter((part) => part !== null && part !== undefined && part !== false).map((p) => p));
  return made;
}

function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }))
    svg.setAttribute(name, value);
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A text as paragraphs and lists. */
function prose(text, skip = []) {
  const parts = [];
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (!line || skip.includes(line)) continue;
    if (!line.startsWith("- ")) parts.push(h("p", {}, line));
    else {
      if (parts.at(-1)?.localName !== "ul") parts.push(h("ul"));
      parts.at(-1).append(h("li", {}, line.slice(2)));
    }
  }
  return parts;
}

/** A list whose entries say first what they are about, in bold. */
function named(list) {
  for (const item of list.querySelectorAll("li")) {
    const [what, ...rest] = item.textContent.split(": ");
    if (rest.length && what.length < 50) item.replaceChildren(h("strong", {}, `${what}: `), rest.join(": "));
  }
  return list;
}

/** An address that may stand in a link, or null. */
function linkable(address) {
  try {
    const url = new URL(address, BASE);
    return ["https:", "http:", "tel:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A phone number as a link. */
function dial(number, words = number) {
  return h("a", { href: `tel:${number.replace(/[^+\d]/g, "")}` }, words);
}

/** A help line whose number can be tapped. */
function helpLine(line) {
  const found = /^([^:]*: \D{0,6}?)(\+?\d[\d -]*\d)(.*)$/s.exec(line);
  return found ? h("li", {}, found[1], dial(found[2]), found[3]) : h("li", {}, line);
}

/** What is folded away until it is asked for. */
function fold(title, ...inside) {
  return h("details", {}, h("summary", {}, title), h("div", {}, ...inside));
}

function listed(lines) {
  return h("ul", {}, ...lines.map((line) => h("li", {}, line)));
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// ---- The service

/** Asked by fetch; never with a cookie. Throws {code, wait} where there is no answer to show. */
async function ask(path, { method = "GET", body, session, keepalive } = /** @type {any} */ ({})) {
  const headers = {
    ...(body ? { "Content-Type": "application/json" } : {}),
    ...(session ? { "X-Supple-Session": session } : {}),
  };
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      keepalive,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(GIVE_UP),
    });
  } catch {
    throw { code: "unreachable" };
  }
  const data = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return data;
  throw {
    code: data?.error?.code || "error",
    message: data?.error?.message,
    wait: Number(response.headers.get("Retry-After")),
  };
}

/** An answer that has what it needs to be one. */
function whole(data, key) {
  if (data?.[key] == null) throw { code: "error" };
  return data;
}

// ---- The element

const Base = /** @type {typeof HTMLElement} */ (globalThis.HTMLElement ?? class {});

export class SuppleChat extends Base {
  static observedAttributes = ["scheme", "label"];

  constructor() {
    super();
    this.state = initial();
    this.root = h("div", { className: "root" });
    this.colours = new CSSStyleSheet();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [style(), this.colours];
    shadow.append(this.root);
    this.spoken = /** @type {string[]} */ ([]);
    /** A check-in that waits for consent. @type {{message: Message, text: string}|null} */
    this.held = null;
  }

  // -- what a host page may call

  /** Open the chat. */
  open() {
    this.show(true);
  }

  /** Close it; the talk stays. */
  close() {
    this.hide();
  }

  /** Start again: the talk so far is forgotten. */
  async reset() {
    await this.again();
  }

  /** Say something for the person. @param {string} text */
  async send(text) {
    this.show(false);
    await this.ready;
    if (this.state.phase === "ready") this.say({ text: String(text) }, String(text));
  }

  // -- life

  get inline() {
    return this.getAttribute("mode") === "inline";
  }

  get site() {
    return this.getAttribute("site") || "demo";
  }

  get key() {
    return `supple.${this.site}`;
  }

  /** Where this device keeps the check-ins of a person who wants that; they outlast a talk. */
  get notes() {
    return `supple-notes.${this.site}`;
  }

  connectedCallback() {
    this.leaving = new AbortController();
    const until = { signal: this.leaving.signal };
    if (!this.panel) this.build();
    this.root.dir = getComputedStyle(this).direction;
    this.paint();
    for (const query of ["(prefers-color-scheme: dark)"])
      matchMedia(query).addEventListener("change", () => this.paint(), until);
    matchMedia(PHONE).addEventListener("change", () => this.shown && this.arrange(), until);
    addEventListener("online", () => (this.state.phase === "failed" ? this.load(false) : this.pump()), until);
    visualViewport?.addEventListener("resize", () => this.fit(), until);
    if (!this.inline) {
      document.addEventListener("keydown", (e) => this.escaped(e), until);
      document.addEventListener("focusin", (e) => this.makeWay(e), until);
    }
    if (this.kept()) this.resume();
  }

  disconnectedCallback() {
    this.leaving?.abort();
    this.staged?.pause();
  }

  attributeChangedCallback(name) {
    if (!this.panel) return;
    if (name === "label") this.label();
    else this.paint();
  }

  /** One of the widget's words. */
  word(key, fill = {}) {
    const words = this.state.site?.words.talk || FIRST;
    return String(words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(fill[name] ?? ""));
  }

  /** Change the state, draw what is new, keep what may be kept. */
  change(event) {
    const before = this.state;
    this.state = reduce(before, event);
    this.draw(before);
    this.keep();
  }

  tell(name, detail = {}) {
    this.dispatchEvent(
      new CustomEvent(`supple:${name}`, { bubbles: true, composed: true, detail: { site: this.site, ...detail } }),
    );
  }

  // -- what is there from the start

  build() {
    const say = (key) => this.word(key);
    const title = h("h2", { id: "title", tabIndex: -1 }, "Supple");
    this.parts = {
      title,
      subtitle: h("p", { className: "subtitle" }, say("subtitle")),
      close: h("button", { type: "button", className: "close", onclick: () => this.hide() }, icon(ICONS.close)),
      emergency: h("button", {
        type: "button",
        className: "emergency",
        "aria-expanded": "false",
        "aria-controls": "help",
        onclick: () => this.toggleHelp(),
      }),
      exit: h("button", { type: "button", className: "exit", onclick: () => this.exit() }),
      help: h("div", { id: "help", className: "help", hidden: true }),
      list: h("ol"),
      asked: h("div", { className: "asked" }),
      wait: h("div", { className: "wait" }),
      text: h("textarea", {
        id: "text",
        rows: 1,
        autocomplete: "off",
        maxLength: 4000,
        onkeydown: (e) => this.typed(e),
      }),
      label: h("label", { htmlFor: "text" }),
      send: h("button", { type: "submit" }),
      error: h("p", { className: "error", role: "alert" }),
      again: h("button", { type: "button", className: "quiet", onclick: () => this.again() }),
      checkIn: h("button", { type: "button", className: "quiet", onclick: (e) => this.checkIn(e.currentTarget) }),
      forget: h("button", { type: "button", className: "quiet", onclick: () => this.forget() }),
      stage: h("div", { className: "stage", hidden: true }),
      polite: h("p", { className: "unseen", "aria-live": "polite" }),
      alert: h("p", { className: "unseen", role: "alert" }),
    };
    const p = this.parts;
    this.logo = h("span", { className: "logo" });
    const header = h(
      "div",
      { className: "head", part: "header" },
      h("div", { className: "names" }, this.logo, h("div", {}, title, p.subtitle), p.close),
      h("div", { className: "bar" }, p.emergency, p.exit),
      p.help,
    );
    this.log = h("div", { role: "log", "aria-live": "off", tabIndex: 0, part: "log", className: "log" }, p.list);
    this.composer = h(
      "form",
      { className: "composer", noValidate: true, onsubmit: (e) => this.submitted(e) },
      p.label,
      h("div", { className: "line" }, p.text, p.send),
      p.error,
    );
    this.scroller = h("div", { className: "scroller" }, this.log, p.wait, p.asked, this.composer);
    this.tools = h("div", { className: "foot", part: "footer" }, p.checkIn, p.again, p.forget);
    this.inside = h("div", { className: "inside" }, header, p.stage, this.scroller, this.tools, p.polite, p.alert);
    this.panel = h(
      this.inline ? "section" : "dialog",
      {
        className: "panel",
        part: "panel",
        "aria-labelledby": "title",
        popover: this.inline ? undefined : "manual",
        hidden: this.inline,
        oncancel: (e) => {
          e.preventDefault();
          this.hide();
        },
      },
      this.inside,
    );
    this.launcher = h(
      "button",
      {
        type: "button",
        className: "launcher",
        part: "launcher",
        "aria-expanded": "false",
        onclick: () => this.show(true),
      },
      icon(ICONS.chat),
      h("span", { dir: "auto" }),
    );
    if (!this.inline) this.launcher.setAttribute("aria-haspopup", "dialog");
    this.root.append(this.launcher, this.panel);
    this.label();
  }

  /** Put the words where they belong. */
  label() {
    const p = this.parts,
      site = this.state.site,
      say = (key, fill) => this.word(key, fill);
    const resume = this.state.session || this.kept() ? "launcher_resume" : "launcher";
    this.launcher.lastChild.textContent = (resume === "launcher" && this.getAttribute("label")) || say(resume);
    p.subtitle.textContent = say("subtitle");
    p.close.ariaLabel = say("close");
    p.exit.textContent = say("exit");
    p.emergency.textContent = say("emergency");
    p.help.replaceChildren(
      h("p", {}, say("emergency_first")),
      ...(site ? [h("ul", {}, ...site.emergency.map(helpLine)), this.contact()] : []),
    );
    this.root.lang = site?.lang || "en";
    this.inside.dir = site?.dir || "ltr"; // of the words; which corner the panel stands in is the page's matter
    this.composer.hidden = this.tools.hidden = !site;
    if (!site) return;
    p.title.textContent = site.name;
    this.log.ariaLabel = say("log");
    p.send.textContent = say("send");
    p.again.textContent = say("again");
    p.forget.textContent = say("delete");
    p.checkIn.textContent = site.words.routine.check_in;
    p.checkIn.hidden = !site.check_in;
    const logo = site.logo && linkable(site.logo.replace(/^\/(?!\/)/, BASE));
    this.logo.replaceChildren(...(logo ? [h("img", { src: logo, alt: "", referrerPolicy: "no-referrer" })] : []));
  }

  /** Who to reach at the site, with true opening hours. */
  contact() {
    const { phone, booking, open_now, next_open } = this.state.site,
      say = (key, fill) => this.word(key, fill);
    const when = open_now ? say("open_now") : next_open ? say("opens", { when: this.when(next_open) }) : "";
    const book = booking && linkable(booking);
    const links = [
      phone && dial(phone, say("call", { phone })),
      book && h("a", { href: book, target: "_blank", rel: "noopener noreferrer" }, say("book")),
    ].filter(Boolean);
    return links.length || when
      ? h(
          "p",
          { className: "contact" },
          h("strong", {}, say("contact", { name: this.state.site.name })),
          when && h("span", {}, when),
          ...links,
        )
      : null;
  }

  /** An opening time of the site, in the site's own local time. */
  when(iso) {
    const local = new Date(`${iso.slice(0, 16)}Z`);
    return new Intl.DateTimeFormat([this.state.site.locale], {
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: "UTC",
    }).format(local);
  }

  /** Colours from the site, the tag and the host page's variables, for light or dark. */
  paint() {
    const given = getComputedStyle(this),
      theme = { accent: "#0b5c5c", on_accent: "#ffffff", background: "#ffffff", text: "#1a1a1a" };
    for (const key of Object.keys(theme)) {
      const name = key.replace("_", "-");
      for (const colour of [
        this.state.site?.theme[key],
        this.getAttribute(name),
        given.getPropertyValue(`--supple-${name}`).trim(),
      ]) {
        if (colour && /^#[0-9a-f]{6}$/i.test(colour)) theme[key] = colour;
      }
    }
    const scheme = this.getAttribute("scheme"),
      dark = scheme === "dark" || (scheme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    const lines = Object.entries(palette(theme, dark)).map(([name, value]) => `${name}:${value}`);
    this.colours.replaceSync(`.root{${lines.join(";")}}`);
    this.root.classList.toggle("start", (this.getAttribute("position") || this.state.site?.position) === "start");
  }

  // -- opening and closing

  /** @param {boolean} asked whether a person asked for it just now, so that focus may move */
  show(asked) {
    if (!this.shown) {
      this.shown = true;
      this.launcher.setAttribute("aria-expanded", "true");
      this.launcher.hidden = true;
      this.arrange();
      if (asked) this.parts.title.focus({ preventScroll: true });
      this.tell("open");
      this.keep();
    }
    if (this.state.phase === "new" || this.state.phase === "failed") this.load(asked);
  }

  /** Put the panel where it fits: over everything on a phone, beside the page on a desk, above the page's layers on both. */
  arrange() {
    if (this.inline) this.panel.hidden = false;
    else {
      const inside = this.shadowRoot?.activeElement,
        outside = document.activeElement;
      this.putAway();
      if (matchMedia(PHONE).matches) this.panel.showModal();
      else if (this.panel.showPopover) this.panel.showPopover();
      else this.panel.show();
      if (inside instanceof HTMLElement && inside !== this.launcher) inside.focus({ preventScroll: true });
      else if (outside !== this && !matchMedia(PHONE).matches)
        /** @type {HTMLElement} */ (this.shadowRoot?.activeElement)?.blur();
    }
    this.fit();
  }

  putAway() {
    if (this.inline) this.panel.hidden = true;
    else if (this.panel.open) this.panel.close();
    else if (this.panel.showPopover && this.panel.matches(":popover-open")) this.panel.hidePopover();
  }

  /** Keep clear of a phone's keyboard. */
  fit() {
    this.panel.style.setProperty("--height", visualViewport ? `${visualViewport.height}px` : "100dvh");
  }

  hide() {
    if (!this.shown) return;
    this.staged?.pause();
    const inside = this.shadowRoot?.activeElement;
    this.shown = false;
    this.launcher.hidden = false;
    this.launcher.setAttribute("aria-expanded", "false");
    this.label();
    this.putAway();
    if (inside) this.launcher.focus({ preventScroll: true });
    this.tell("close");
    this.keep();
  }

  escaped(event) {
    const modal = this.panel.open || document.querySelector(":modal"); // closes by itself, and the page's own first
    if (event.key !== "Escape" || event.defaultPrevented || !this.shown || modal) return;
    event.preventDefault();
    this.hide();
  }

  /** Fade while the host page's focus is under the launcher. */
  makeWay(event) {
    const at = event.target instanceof Element && event.target !== this && event.target.getBoundingClientRect();
    const own = this.launcher.getBoundingClientRect();
    const under = at && at.left < own.right && at.right > own.left && at.top < own.bottom && at.bottom > own.top;
    this.launcher.classList.toggle("aside", Boolean(under) && !this.shown);
  }

  toggleHelp() {
    const { help, emergency } = this.parts;
    help.hidden = !help.hidden;
    emergency.setAttribute("aria-expanded", String(!help.hidden));
  }

  /** Leave the page at once; the talk goes with it. */
  exit() {
    const { session } = this.state;
    this.root.hidden = true;
    this.leaveStage();
    this.unkeep();
    if (session) ask("api/v1/session", { method: "DELETE", session, keepalive: true }).catch(() => {});
    const away = `${BASE}away`;
    try {
      /** @type {Window} */ (window.top).location.replace(away);
    } catch {
      location.replace(away);
    }
  }

  // -- loading and resuming

  async load(asked) {
    this.change({ type: "load" });
    this.ready = this.fetchAll();
    await this.ready;
    if (asked && this.state.phase === "ready") this.focusFirst();
  }

  async fetchAll() {
    const kept = this.kept();
    try {
      const site = whole(await ask(`api/v1/sites/${encodeURIComponent(this.site)}`), "opening");
      const stands = kept && (await this.stands(kept.session));
      this.change({ type: "loaded", site });
      this.label();
      this.paint();
      if (stands)
        this.change({
          type: "resumed",
          kept: { ...kept, entries: kept.entries.filter((e) => e.who !== "you" || e.text) },
        });
      else this.change({ type: "cleared", id: randomId(), note: kept ? this.word("is_over") : "" });
      if (!stands) this.unkeep();
      this.pump();
    } catch (failure) {
      this.change({ type: "unloaded", code: failure.code || "error" });
      this.tell("error", { code: failure.code || "error" });
    }
  }

  /** Whether the server still has the talk. */
  async stands(session) {
    try {
      await ask("api/v1/session", { session });
      return true;
    } catch (failure) {
      if (failure.code !== "unknown_session") throw failure;
      return false;
    }
  }

  /** After a reload the panel is as it was; on a phone it does not cover another page by itself. */
  resume() {
    const [arrived] = /** @type {any[]} */ (performance.getEntriesByType("navigation"));
    const same = ["reload", "back_forward"].includes(arrived?.type);
    if (this.kept()?.open && (same || this.inline || !matchMedia(PHONE).matches)) this.show(false);
    else this.label();
  }

  focusFirst() {
    if (this.shadowRoot?.activeElement !== this.parts.title) return;
    const form = this.parts.asked.querySelector("form");
    if (form) form.focus({ preventScroll: true });
    else if (matchMedia("(pointer: fine)").matches && !matchMedia(PHONE).matches)
      this.parts.text.focus({ preventScroll: true });
  }

  // -- what is kept in the tab

  kept() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key) || "null");
      const sound =
        typeof kept?.session === "string" &&
        Array.isArray(kept.waiting) &&
        kept.entries.every((e) => e.id && (e.reply?.blocks || e.text !== undefined));
      return sound ? kept : null; // what another version or page left there is nothing
    } catch {
      return null;
    }
  }

  keep() {
    const kept = this.state.phase === "ready" && keepable(this.state);
    try {
      if (kept) sessionStorage.setItem(this.key, JSON.stringify({ ...kept, open: Boolean(this.shown) }));
    } catch {
      // A browser that keeps nothing: the talk lives in memory.
    }
  }

  unkeep() {
    try {
      for (const key of Object.keys(sessionStorage))
        if (key === this.key || key.startsWith(`${this.key}.`)) sessionStorage.removeItem(key);
    } catch {
      // Nothing is kept there.
    }
  }

  /** Where the player keeps its place in this tab; null before consent. */
  store() {
    if (this.state.site.consent && !this.state.consented) return null;
    const at = (key) => `${this.key}.${key}`;
    const guarded = (act) => {
      try {
        return act(sessionStorage);
      } catch {
        return null;
      }
    };
    return {
      get: (key) => guarded((s) => s.getItem(at(key))),
      set: (key, value) => guarded((s) => s.setItem(at(key), value)),
      remove: (key) => guarded((s) => s.removeItem(at(key))),
    };
  }

  // -- talking

  submitted(event) {
    event.preventDefault();
    const text = this.parts.text.value.trim();
    this.parts.error.textContent = text ? "" : this.word("nothing_typed");
    if (!text) return this.parts.text.focus();
    this.parts.text.value = "";
    this.say({ text }, text);
  }

  typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.composer.requestSubmit();
    }
  }

  /** Send a message, after those that still wait. @param {Message} message @param {string} text what the person sees of it */
  say(message, text) {
    this.change({ type: "said", id: randomId(), text, message });
    this.pump();
  }

  /** Send what waits, one after the other, until nothing does or one cannot be sent. */
  async pump() {
    if (this.pumping || this.state.phase !== "ready") return;
    this.pumping = true;
    try {
      while (this.state.waiting.length && (await this.deliver(this.state.waiting[0])));
    } finally {
      this.pumping = false;
    }
  }

  /**
   * Send one message under its id, which makes sending it twice harmless. Whether the next one may be tried. What is
   * deleted while it is on its way is answered by nothing, and leaves no talk behind.
   */
  async deliver(id) {
    const entry = this.state.entries.find((e) => e.id === id),
      said = entry?.message || {};
    this.change({ type: "status", id, status: "sending" });
    const timers = [
      setTimeout(() => this.mark(id, "waiting"), SHOW_WAIT),
      setTimeout(() => this.mark(id, "slow"), SLOW),
    ];
    try {
      if (!this.state.session) {
        const begun = await ask("api/v1/sessions", { method: "POST", body: { site: this.site } });
        const { session } = whole(begun, "session");
        if (!this.waits(id)) {
          await this.end(session);
          return true;
        }
        this.change({ type: "begun", session });
      }
      const { session } = this.state;
      const reply = whole(await ask("api/v1/messages", { method: "POST", session, body: { id, ...said } }), "blocks");
      if (this.waits(id)) this.answered(id, said, reply);
      return true;
    } catch (failure) {
      if (!failure.code) throw failure;
      return !this.waits(id) || this.unanswered(id, entry, failure);
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  waits(id) {
    return this.state.waiting.includes(id);
  }

  /** Have the service forget a talk. Whether nothing of it is left there. */
  async end(session) {
    try {
      await ask("api/v1/session", { method: "DELETE", session });
      return true;
    } catch (failure) {
      if (!failure.code) throw failure;
      return failure.code === "unknown_session";
    }
  }

  mark(id, status) {
    if (!this.waits(id)) return;
    this.change({ type: "status", id, status });
    if (status === "slow") this.speak(this.word("slow"));
  }

  answered(id, said, reply) {
    const had = this.state.consented,
      entry = this.state.entries.find((e) => e.id === id);
    this.change({ type: "answered", id, reply, question: said.question });
    const refused = asks(reply, "consent"); // nothing of it was taken in
    if (said.text && (refused || said.text.length > MOST)) this.giveBack(said.text);
    if (said.question === "checkin" && refused) this.held = { message: said, text: entry?.text || "" };
    if (this.state.consented && !had) {
      this.tell("consent");
      if (this.held) this.say(this.held.message, this.held.text);
      this.held = null;
      if (this.parts.text.value.trim()) setTimeout(() => this.composer.requestSubmit()); // what waited for it
    }
    const question = questionOf(reply),
      routine = reply.blocks.find((b) => b.type === "routine");
    this.tell("answer", {
      level: reply.level,
      blocks: reply.blocks.map((b) => b.type),
      question: question?.question ?? null,
    });
    if (GRAVE.includes(reply.level)) {
      this.leaveStage();
      this.tell("handover", { level: reply.level });
    }
    if (routine) this.tell("routine", { practices: routine.practices.map((p) => p.id) });
  }

  /** What is done where no answer came. Whether the next message may be tried. */
  unanswered(id, entry, failure) {
    this.tell("error", { code: failure.code });
    if (failure.code === "unknown_session" && this.state.session) {
      const again =
        entry.message.text || entry.message.question === "checkin" ? { waiting: [id], entries: [entry] } : {}; // ticks answer what no longer stands
      this.unkeep();
      this.change({ type: "cleared", id: randomId(), note: this.word("is_over"), ...again });
      return Boolean(again.waiting);
    }
    if (!["unreachable", "unavailable", "too_many", "internal", "error"].includes(failure.code)) {
      this.change({ type: "dropped", id });
      this.giveBack(entry.message.text || "", "lost");
      return true;
    }
    const status = failure.code === "too_many" ? "too_many" : "failed";
    this.change({ type: "status", id, status });
    if (failure.wait > 0 && failure.wait < 60) setTimeout(() => this.pump(), failure.wait * 1000);
    this.speak(this.statusWords(status), true);
    return false;
  }

  /** Put words back where they were typed, unless others stand there by now. */
  giveBack(text, why = "") {
    if (!this.parts.text.value) this.parts.text.value = text;
    this.parts.error.textContent = why && this.word(why);
  }

  async again() {
    const { session, waiting } = this.state;
    if (this.state.phase !== "ready") return;
    let keep = Boolean(session) && !waiting.length; // a message on its way would come after the restart
    if (session && !keep) await this.end(session);
    if (keep)
      await ask("api/v1/messages", {
        method: "POST",
        session,
        body: { id: randomId(), choose: ["restart"], question: "next" },
      }).catch(() => (keep = false));
    this.fresh("is_again", keep);
  }

  async forget() {
    const { session } = this.state;
    if (this.state.phase !== "ready") return;
    const done = !session || (await this.end(session));
    try {
      localStorage.removeItem(this.notes);
    } catch {
      // Nothing is kept there.
    }
    this.fresh(done ? "is_deleted" : "not_deleted", false);
  }

  fresh(note, keep) {
    this.held = null;
    this.leaveStage();
    this.unkeep();
    this.parts.text.value = "";
    this.change({ type: "cleared", id: randomId(), note: this.word(note), keep });
    this.parts.title.focus({ preventScroll: true });
  }

  // -- speaking: each thing once, in a region of its own that is emptied again

  speak(text, urgent = false) {
    if (!text) return;
    if (urgent) {
      this.parts.alert.textContent = text;
      return void setTimeout(() => this.parts.alert.textContent === text && (this.parts.alert.textContent = ""), 3000);
    }
    this.spoken.push(text);
    if (this.spoken.length === 1) this.speakNext();
  }

  speakNext() {
    this.parts.polite.textContent = this.spoken[0] || "";
    if (this.spoken.length)
      setTimeout(() => {
        this.spoken.shift();
        this.speakNext();
      }, 1000);
  }

  /** A reply in few words: what is long is named, what is grave is said at once. */
  speakReply(reply) {
    const question = questionOf(reply),
      said = [];
    for (const block of reply.blocks) {
      if (block.type === "care_card" && GRAVE.includes(block.level))
        this.speak(`${this.word(`level_${block.level}`)}. ${block.text}`, true);
      else if (block.type === "routine" && block.practices.length) {
        said.push(
          block.text.split("\n\n")[0],
          this.word("practices", {
            count: block.practices.length,
            titles: block.practices.map((p) => p.title).join(", "),
          }),
        );
      } else if (block.type === "note") said.push(this.word("note_title"));
      else if (block.type !== "choices" || block === question || block.question === "confirm") said.push(block.text);
    }
    if (question) said.push(this.word("choices", { count: question.options.length }));
    this.speak(said.join(" "));
  }

  // -- drawing what is new

  draw(before) {
    const { state } = this,
      p = this.parts;
    if (state.phase !== before.phase) this.drawPhase();
    if (state.entries === before.entries && state.waiting === before.waiting) return;
    const old = new Set(before.entries.map((e) => e.id)),
      now = new Set(state.entries.map((e) => e.id));
    const held = this.shadowRoot?.activeElement;
    const inForm = held && (p.asked.contains(held) || (p.list.contains(held) && held.closest(".confirm, .tell")));
    const resumed = before.entries.length === 0 && state.entries.length > 1;
    for (const [id, item] of Object.entries(this.items || {}))
      if (!now.has(id)) {
        item.remove();
        delete this.items[id];
      }
    let first = null,
      last = null;
    for (const entry of state.entries) {
      if (!old.has(entry.id) || !this.items?.[entry.id]) {
        last = this.drawEntry(entry);
        first = first || last;
      } else if (entry.status !== before.entries.find((e) => e.id === entry.id)?.status) this.drawStatus(entry);
    }
    this.drawQuestion(inForm, last);
    this.holdBack();
    const reply = last && standing(state)?.reply;
    if (reply && !resumed) this.speakReply(reply);
    if (last) this.bringUp(reply ? last : first);
    if (last && reply && !resumed) this.focusReply(reply, last);
  }

  /** What a routine offers to do is gone while a graver reply stands: its practices are held back. */
  holdBack() {
    const calm = (reply) => Object.keys(LEVELS).indexOf(reply.level),
      stand = standing(this.state); // the gravest is first
    for (const { id, reply } of this.state.entries) {
      const acts = reply && this.items[id].querySelector(".acts");
      if (acts) acts.hidden = Boolean(stand && calm(stand.reply) < calm(reply));
    }
  }

  drawPhase() {
    const { phase, code } = this.state,
      wait = this.parts.wait;
    wait.replaceChildren();
    if (phase === "loading") wait.append(h("p", {}, this.word("loading")));
    if (phase === "failed") {
      const text = this.word(code === "refused" ? "refused" : "load_failed");
      wait.append(
        h("p", {}, text),
        code !== "refused" && h("button", { type: "button", onclick: () => this.load(true) }, this.word("retry")),
      );
      this.speak(text, true);
    }
    this.scroller.ariaBusy = String(phase === "loading");
  }

  /** One entry of the talk, appended. */
  drawEntry(entry) {
    const who = entry.who === "you" ? this.word("you") : entry.who === "bot" ? this.word("bot") : "";
    const item = h(
      "li",
      { className: entry.who, tabIndex: -1, part: "message" },
      who && h("span", { className: "unseen" }, `${who}: `),
    );
    if (entry.who === "bot") {
      item.append(...entry.reply.blocks.map((b) => this.block(b, entry)).filter(Boolean));
      if (entry.opening) item.append(this.keptLine());
    } else
      item.append(
        h("p", { className: "words", dir: "auto" }, entry.text),
        ...(entry.who === "you" ? [h("div", { className: "status" })] : []),
      );
    this.items = { ...(this.items || {}), [entry.id]: item };
    this.parts.list.append(item);
    if (entry.who === "you") this.drawStatus(entry);
    return item;
  }

  /** What is kept, said once, under the opening. */
  keptLine() {
    const { retention_minutes, minimum_age } = this.state.site;
    return h(
      "p",
      { className: "small" },
      `${this.word("kept", { minutes: retention_minutes })} ${this.word("age", { age: minimum_age })}`,
    );
  }

  statusWords(status) {
    const phone = this.state.site.phone;
    const words = {
      waiting: "sending",
      slow: "slow",
      too_many: "too_many",
      failed: phone ? "not_sent_phone" : "not_sent",
    }[status];
    return words ? this.word(words, { phone }) : "";
  }

  drawStatus(entry) {
    const line = this.items[entry.id].querySelector(".status");
    if (!line) return;
    const failed = ["failed", "too_many"].includes(entry.status || ""),
      had = line.contains(this.shadowRoot?.activeElement || null);
    if (had) this.items[entry.id].focus({ preventScroll: true });
    line.className = failed ? "status tell" : "status";
    line.replaceChildren(
      ...[
        this.statusWords(entry.status),
        failed && h("button", { type: "button", className: "quiet", onclick: () => this.pump() }, this.word("retry")),
      ].filter(Boolean),
    );
  }

  /** The open question, between the talk and the text box; what was open before becomes part of the talk. */
  drawQuestion(held, last) {
    const { asked, label } = this.parts,
      stand = standing(this.state),
      question = stand && questionOf(stand.reply);
    if (this.askedIn === stand?.id) return;
    if (held && last) last.focus({ preventScroll: true });
    for (const confirm of this.parts.list.querySelectorAll(".confirm"))
      if (!this.items[stand?.id || ""]?.contains(confirm)) confirm.remove();
    const old = this.askedIn && this.items[this.askedIn],
      was = asked.querySelector("legend");
    if (old && was) old.append(h("p", { className: "was" }, was.textContent));
    asked.replaceChildren(...(question ? [this.question(question)] : []));
    this.scroller.classList.toggle("asking", Boolean(question));
    label.textContent = this.word(question ? "input_or" : "input");
    this.askedIn = stand?.id;
  }

  /** Bring the newest message to the top of what is seen, so that it is read from its beginning. */
  bringUp(item) {
    const box = getComputedStyle(this.scroller).overflowY === "auto" ? this.scroller : this.panel;
    const bar = box === this.panel && this.parts.exit.parentElement ? this.parts.exit.parentElement.offsetHeight : 0; // which stays above
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollBy({
      top: item.getBoundingClientRect().top - box.getBoundingClientRect().top - 12 - bar,
      behavior: calm ? "instant" : "smooth",
    });
  }

  /** After an answer the focus goes where it is needed, but only from where the person sent it. */
  focusReply(reply, item) {
    const focus = this.shadowRoot?.activeElement,
      text = this.parts.text;
    const sent = focus && ((focus === text && !text.value) || focus === this.parts.send || focus.matches("li.you"));
    if (!sent && !(focus === item)) return;
    const grave = item.querySelector(".card.grave"),
      form = this.parts.asked.querySelector("form");
    const long = reply.blocks.some((b) => ["routine", "why", "sources"].includes(b.type));
    const target = grave || (long ? item : form || (focus === text ? text : item));
    target.focus({ preventScroll: true });
  }

  // -- blocks

  /** @param {Block} block @param {Entry} entry @returns {any} */
  block(block, entry) {
    switch (block.type) {
      case "choices":
        return this.asideOf(block, entry);
      case "care_card":
        return this.card(block);
      case "routine":
        return block.practices.length ? this.routine(block) : h("div", {}, ...prose(block.text));
      case "why":
      case "sources":
        return h(
          "section",
          { className: "trace" },
          h("h3", {}, this.word(block.type === "why" ? "why_title" : "sources_title")),
          ...prose(block.text).map(named),
        );
      case "note":
        return this.note();
      case "coverage":
        return h("div", { className: "coverage" }, ...prose(block.text));
      case "disclaimer":
        return h("p", { className: "small" }, block.text);
    }
    return h("div", {}, ...prose(String(block.text ?? "")));
  }

  /** What was understood, with the way to change it; a question that is no longer open, as text. */
  asideOf(block, entry) {
    if (block.question !== "confirm")
      return block === questionOf(entry.reply) && standing(this.state) === entry
        ? null
        : h("p", { className: "was" }, block.text);
    const wrong = () => this.say({ choose: [block.options[0].id], question: "confirm" }, this.word("not_meant"));
    return h(
      "div",
      { className: "heard" },
      h("p", {}, block.text),
      standing(this.state) === entry &&
        h("button", { type: "button", className: "quiet confirm", onclick: wrong }, this.word("not_meant")),
    );
  }

  /** Said when a safety rule holds: word, colour and sign all from the level. */
  card(block) {
    const look = LEVELS[block.level] || LEVELS.none;
    const contact = ["same_day", "clinician_first"].includes(block.level) ? this.contact() : null;
    return h(
      "section",
      { className: `card ${look.tone} ${block.level}`, part: "care-card", tabIndex: -1 },
      h("h3", {}, icon(look.icon), this.word(`level_${block.level in LEVELS ? block.level : "none"}`)),
      ...prose(block.text, block.lines),
      block.lines.length > 0 && h("ul", { className: "lines" }, ...block.lines.map(helpLine)),
      contact,
    );
  }

  routine(block) {
    const intro = block.text.split("\n\n")[0],
      minutes = block.minutes && [...new Set(block.minutes)].join("–");
    const some = (title, lines) => lines.length > 0 && fold(title, listed(lines));
    return h(
      "section",
      { className: "routine", part: "routine-card" },
      h("h3", {}, intro),
      minutes && h("p", { className: "small" }, this.word("minutes", { minutes })),
      h("ol", {}, ...block.practices.map((p) => this.practice(p))),
      block.also_named.length > 0 &&
        fold(
          this.word("also_named", { count: block.also_named.length }),
          h("ul", {}, ...block.also_named.map((p) => h("li", {}, h("strong", {}, p.title), " ", p.because))),
        ),
      some(this.word("left_out"), block.left_out || []),
      some(this.word("differ"), block.dissent || []),
      this.acts(block),
    );
  }

  practice(p) {
    return h(
      "li",
      {},
      h("h4", {}, p.title),
      h("p", { className: "small" }, p.because),
      p.setup && h("p", {}, p.setup),
      p.steps.length > 1
        ? h("ol", { className: "steps" }, ...p.steps.map((step) => h("li", {}, step)))
        : p.steps[0] && h("p", {}, p.steps[0]),
      p.amount && h("p", { className: "amount" }, p.amount),
      p.care && h("p", {}, p.care),
      h("p", { className: "stop" }, p.stop_if),
      fold(this.word("why"), listed([...p.why, ...p.dissent])),
    );
  }

  /** What one can do with a routine: do it, print it, put it into a calendar, copy it. */
  acts(block) {
    const note = h("p", { role: "status", className: "small" }),
      button = (key, act, look = "quiet") =>
        h("button", { type: "button", className: look, onclick: act }, this.word(key));
    const doable = block.practices.filter((p) => p.steps.length && p.phase !== "refer");
    const picker = this.picker(block),
      calendar = button("calendar", () => {
        picker.hidden = !picker.hidden;
        calendar.setAttribute("aria-expanded", String(!picker.hidden));
      });
    calendar.setAttribute("aria-expanded", "false");
    return h(
      "div",
      { className: "acts" },
      doable.length > 0 && button("start", (e) => this.play(doable, e.currentTarget), ""),
      button("print", () => this.handout(block, { format: "html" })),
      calendar,
      button("copy_text", () => this.copyRoutine(block, note)),
      picker,
      note,
    );
  }

  /** Days and a time for the calendar file. */
  picker(block) {
    const wrong = h("p", { className: "error", role: "alert" }),
      time = h("input", { type: "time", value: "18:00", required: true });
    const days = DAYS.map((day) =>
      h("label", { className: "day" }, h("input", { type: "checkbox", value: day, checked: true }), this.word(day)),
    );
    const get = (event) => {
      event.preventDefault();
      const chosen = days
        .map((d) => d.firstChild)
        .filter((d) => d.checked)
        .map((d) => d.value);
      wrong.textContent = chosen.length ? "" : this.word("calendar_no_day");
      if (chosen.length) this.handout(block, { format: "ics", days: chosen.join(","), time: time.value || "18:00" });
    };
    return h(
      "form",
      { className: "picker", hidden: true, onsubmit: get },
      h("fieldset", {}, h("legend", {}, this.word("calendar_days")), h("div", { className: "days" }, ...days)),
      h("label", { className: "time" }, this.word("calendar_time"), time),
      h("button", { type: "submit" }, this.word("calendar_get")),
      wrong,
    );
  }

  fields(block, more) {
    const { kind, practices, cautions } = block.handout;
    return Object.entries({
      site: this.site,
      kind,
      practices: practices.join(","),
      cautions: cautions.join(","),
      ...more,
    });
  }

  /** Ask for a page or file in a new tab: ids only. */
  handout(block, more) {
    const inputs = this.fields(block, more).map(([name, value]) => h("input", { type: "hidden", name, value }));
    const form = h("form", { method: "post", action: `${BASE}handout`, target: "_blank", hidden: true }, ...inputs);
    this.root.append(form);
    form.submit();
    form.remove();
  }

  async copyRoutine(block, note) {
    try {
      const body = new URLSearchParams(this.fields(block, { format: "txt" }));
      const response = await fetch(`${BASE}handout`, { method: "POST", body, credentials: "omit" });
      if (!response.ok) throw response.status;
      note.textContent = this.word((await this.copy(await response.text())) ? "copied" : "copy_failed");
    } catch {
      note.textContent = this.word("copy_failed");
    }
  }

  /** To copy for a clinician: the person's own words of this talk, which nobody else has. */
  note() {
    const said = this.state.entries.filter((e) => e.who === "you" && e.text && !e.secret);
    const words = said.filter((e) => e.message?.text).map((e) => `- ${e.text}`);
    const ticks = ticked(this.state).map((line) => `- ${line}`);
    const lines = [
      this.word("note_said"),
      ...(words.length ? words : [this.word("note_nothing")]),
      ...(ticks.length ? [this.word("note_ticked"), ...ticks] : []),
    ];
    const text = h("textarea", {
      id: `note-${this.state.entries.length}`,
      rows: Math.min(8, lines.length + 1),
      readOnly: true,
      value: lines.join("\n"),
    });
    const note = h("p", { role: "status", className: "small" });
    const copy = async () => (note.textContent = (await this.copy(text.value)) ? this.word("copied") : "");
    return h(
      "div",
      { className: "note" },
      h("label", { htmlFor: text.id }, this.word("note_title")),
      text,
      h("button", { type: "button", className: "quiet", onclick: copy }, this.word("note_copy")),
      note,
    );
  }

  /** Put a text on the clipboard, in the old way where the new one is not allowed. Whether it is there. */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const from = h("textarea", { value: text, className: "unseen", readOnly: true }),
        held = this.shadowRoot?.activeElement;
      this.panel.append(from);
      from.select();
      const done = document.execCommand("copy");
      from.remove();
      if (held instanceof HTMLElement) held.focus({ preventScroll: true });
      return done;
    }
  }

  // -- questions

  question(block) {
    const none = block.options.find((o) => o.id === "none"),
      many = block.multiple,
      radio = !many && block.options.length > 5;
    const answer = (options) =>
      options[0].id === "restart"
        ? this.again()
        : this.say(
            { choose: options.map((o) => o.id), question: block.question },
            options.map((o) => o.label).join("; "),
          );
    const legend = h("legend", { className: block.text.length > 90 ? "long" : "" }, block.text);
    if (!many && !radio) {
      const buttons = block.options.map((o) =>
        h("button", { type: "button", className: "choice", onclick: () => answer([o]) }, o.label),
      );
      return h(
        "form",
        { className: "question", tabIndex: -1, part: "choices" },
        h("fieldset", {}, legend, h("div", { className: "chips" }, ...buttons)),
      );
    }
    const wrong = h("p", { className: "error", role: "alert" });
    const rest = block.options.filter((o) => o !== none || radio);
    const ticks = rest.map((o) =>
      h(
        "label",
        { className: "option" },
        h("input", { type: many ? "checkbox" : "radio", name: "choose", value: o.id }),
        h("span", {}, o.label),
      ),
    );
    const ticked = () => rest.filter((_, i) => ticks[i].firstChild.checked);
    const hint =
      many && none && h("p", { className: "small", id: "hint" }, this.word("tick_hint", { none: none.label }));
    const submit = (event) => {
      event.preventDefault();
      if (ticked().length) answer(ticked());
      else wrong.textContent = this.word("nothing_ticked", { none: none?.label });
    };
    const noneOf = () => {
      if (ticked().length) wrong.textContent = this.word("ticked_and_none");
      else answer([none]);
    };
    return h(
      "form",
      {
        className: "question",
        tabIndex: -1,
        part: "choices",
        onsubmit: submit,
        oninput: () => (wrong.textContent = ""),
      },
      h("fieldset", { "aria-describedby": hint ? "hint" : undefined }, legend, hint, ...ticks),
      wrong,
      h(
        "div",
        { className: "ends" },
        many && none && h("button", { type: "button", onclick: noneOf }, none.label),
        h("button", { type: "submit", className: "quiet" }, this.word("send_ticks")),
      ),
    );
  }

  // -- the player and the check-in, which come in a file of their own

  async play(practices, from) {
    await this.onStage(from, (module, root, given, close) =>
      module.mountPlayer(root, {
        ...given,
        practices,
        storage: this.store(),
        onClose: close,
        onDone: () => {
          close();
          this.checkIn(from);
        },
      }),
    );
  }

  async checkIn(from) {
    const site = this.state.site;
    await this.onStage(from, (module, root, given, close) =>
      module.mountCheckIn(root, {
        ...given,
        site,
        scores: site.check_in,
        place: this.notes,
        onClose: close,
        send: (message, text) => this.say(message, text),
      }),
    );
  }

  /** Show something in place of the talk; the header, with help and exit, stays. */
  async onStage(from, mount) {
    try {
      const module = await import(BASE + this.state.site.files["routine.js"].slice(1)),
        { stage } = this.parts;
      const close = () => {
        this.leaveStage();
        from?.isConnected && from.focus({ preventScroll: true });
      };
      const root = h("div");
      this.leaveStage();
      stage.replaceChildren(root);
      stage.hidden = false; // first of all, because what is hidden cannot have the focus
      this.scroller.hidden = this.tools.hidden = true;
      const given = {
        words: this.state.site.words.routine,
        announce: (text, urgent) => this.speak(text, urgent),
        drawings: this.drawings(),
        lang: this.state.site.lang,
      };
      this.staged = mount(module, root, given, close);
    } catch (failure) {
      this.leaveStage();
      this.speak(this.word("player_failed"), true);
      this.tell("error", { code: "player" });
    }
  }

  drawings() {
    return Object.fromEntries(
      Object.entries(this.state.site.drawings).map(([id, address]) => [id, BASE + String(address).slice(1)]),
    );
  }

  leaveStage() {
    this.staged?.close();
    this.staged = null;
    this.parts.stage.hidden = true;
    this.parts.stage.replaceChildren();
    this.scroller.hidden = this.tools.hidden = false;
  }
}

// ---- Looks

let sheet = /** @type {CSSStyleSheet|null} */ (null);

/** One sheet for all widgets of a page. Sizes in em of a base that a host's `html{font-size}` cannot shrink. */
function style() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
  }
  return sheet;
}

const CSS_TEXT = `
:host { all: initial !important; display: contents !important; }
:host([mode="inline"]) { display: block !important; }
.root { font: 400 max(16px, 1rem)/1.5 var(--supple-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
  color: var(--supple-text); text-align: start; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; overflow-wrap: anywhere; unicode-bidi: isolate; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2, h3, h4, ul, ol, fieldset, legend, form, details { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
ul, ol { padding-inline-start: 1.4em; }
li { margin-block: .3em; }
h2 { font-size: 1.0625em; line-height: 1.25; }
h3 { font-size: 1.0625em; line-height: 1.3; }
h4 { font-size: 1em; line-height: 1.3; }
a { color: var(--supple-accent); font-weight: 600; text-underline-offset: .15em; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--supple-accent); outline-offset: 2px; }
li:focus-visible, form:focus-visible, h2:focus-visible, section:focus-visible { outline: none; }
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
svg { inline-size: 1.375em; block-size: 1.375em; flex: none; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.small { font-size: .875em; color: var(--supple-soft); }

button, summary { font: inherit; font-weight: 600; min-block-size: 44px; cursor: pointer; touch-action: manipulation; }
button { margin: 0; padding: .5em 1em; color: var(--supple-on-accent); background: var(--supple-accent); border: 2px solid var(--supple-accent);
  border-radius: calc(var(--supple-radius, .75em) * .7); text-align: center; }
button:hover { filter: brightness(1.08); }
button.quiet, button.choice { color: var(--supple-accent); background: var(--supple-background); }
button.quiet { border-color: var(--supple-line); }
button.quiet:hover, button.choice:hover { background: var(--supple-tint); filter: none; }

.launcher { position: fixed; inset-block-end: max(1em, env(safe-area-inset-bottom)); inset-inline-end: 1em; z-index: var(--supple-z, 2147483000);
  display: inline-flex; align-items: center; gap: .6em; min-block-size: 56px; padding: .6em 1.25em; border-radius: 28px; box-shadow: 0 2px 12px #0005; max-inline-size: calc(100vw - 2em); }
.inside { display: contents; }
.start .launcher { inset-inline: 1em auto; }
.launcher.aside { opacity: .12; pointer-events: none; }
:host([mode="inline"]) .launcher { position: static; margin: .5em; box-shadow: none; }

.panel { color: var(--supple-text); background: var(--supple-background); border: 1px solid var(--supple-line); padding: 0; margin: 0;
  display: flex; flex-direction: column; overflow: clip; border-radius: var(--supple-radius, .75em); }
dialog.panel { position: fixed; inset: auto; inset-block-end: 1em; inset-inline-end: 1em; z-index: var(--supple-z, 2147483000);
  inline-size: 26em; max-inline-size: calc(100vw - 2em); block-size: 44em; max-block-size: calc(100dvh - 2em); box-shadow: 0 6px 32px #0006; }
.start dialog.panel { inset-inline: 1em auto; }
dialog.panel:not([open]):not(:popover-open) { display: none; }
dialog.panel::backdrop { background: none; }
section.panel { block-size: var(--supple-height, 42em); max-block-size: 100dvh; }
.head { flex: none; background: var(--supple-tint); border-block-end: 1px solid var(--supple-edge); }
.names { display: flex; align-items: center; gap: .75em; padding: .5em .5em .25em 1em; }
.names > div { flex: 1; min-inline-size: 0; }
.logo:empty { display: none; }
.logo img { display: block; max-block-size: 2.5em; max-inline-size: 6em; }
.subtitle { font-size: .875em; color: var(--supple-soft); }
.close { display: grid; place-items: center; min-inline-size: 44px; padding: 0 .2em; color: var(--supple-text); background: none; border-color: transparent; }
.bar { display: flex; flex-wrap: wrap; gap: .5em; padding: .25em 1em .75em; }
.bar button { flex: 1 1 auto; padding: .25em .75em; font-size: .9375em; background: var(--supple-background); }
.bar .emergency { color: var(--supple-grave); border-color: var(--supple-grave); }
.bar .exit { color: var(--supple-text); border-color: var(--supple-line); }
.help { padding: .25em 1em 1em; }
.help ul { list-style: none; padding: 0; }
.help li, .lines li { margin-block: .8em; }
.contact { display: flex; flex-wrap: wrap; gap: 0 1em; align-items: center; margin-block-start: .5em; padding-block-start: .5em; border-block-start: 1px solid var(--supple-edge); }
.contact a { display: inline-flex; align-items: center; min-block-size: 44px; }
.lines a, .help li a { padding-block: .6em; }

.scroller { flex: 1 1 auto; display: flex; flex-direction: column; overflow-y: auto; overscroll-behavior: contain; padding: 1em; scroll-padding-block: 1em 7em; }
.scroller > * { flex: none; }
.log:focus-visible { outline-offset: 4px; }
.log > ol { list-style: none; padding: 0; display: flex; flex-direction: column; gap: 1em; }
.log > ol > li { margin: 0; display: flex; flex-direction: column; gap: .75em; max-inline-size: 100%; }
li.you { align-items: flex-end; gap: .25em !important; }
li.you .words { background: var(--supple-accent); color: var(--supple-on-accent); padding: .5em .9em; border-radius: 1.1em; border-end-end-radius: .3em; max-inline-size: 85%; border: 1px solid transparent; white-space: pre-line; }
li.note .words, .coverage { border-inline-start: 4px solid var(--supple-accent); background: var(--supple-tint); padding: .6em .9em; border-radius: .3em; }
.status { font-size: .875em; color: var(--supple-soft); text-align: end; display: flex; flex-direction: column; align-items: flex-end; gap: .4em; }
.status:empty { display: none; }
.tell { color: var(--supple-grave); }
.heard { display: flex; flex-wrap: wrap; align-items: center; gap: .25em .75em; background: var(--supple-tint); border-radius: .6em; padding: .6em .9em; }
.heard p { flex: 1 1 12em; }
.was { color: var(--supple-soft); }
.wait { text-align: center; display: grid; gap: .75em; justify-items: center; }
.wait:empty, .asked:empty { display: none; }

.card { border: 2px solid currentColor; border-inline-start-width: 8px; border-radius: .6em; padding: .9em 1em; display: grid; gap: .6em; }
.card.grave { border-color: var(--supple-grave); background: var(--supple-grave-tint); }
.card.care { border-color: var(--supple-care); background: var(--supple-care-tint); }
.card.plain { border-color: var(--supple-line); background: var(--supple-tint); }
.card h3 { display: flex; align-items: center; gap: .5em; }
.card.grave h3 { color: var(--supple-grave); }
.card.care h3 { color: var(--supple-care); }
.card.emergency { border-width: 3px; border-inline-start-width: 12px; }
.card.emergency h3 { font-size: 1.1875em; }
.card a { color: var(--supple-text); font-weight: 700; }
.lines { list-style: none; padding: 0; }

.routine { border: 1px solid var(--supple-line); border-radius: .6em; padding: 1em; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75em; }
.routine > ol { list-style: none; padding: 0; counter-reset: practice; display: grid; gap: 1em; }
.routine > ol > li { counter-increment: practice; margin: 0; padding-block-start: 1em; border-block-start: 1px solid var(--supple-edge); display: grid; gap: .4em; }
.routine h4::before { content: counter(practice) ". "; }
.amount { font-weight: 600; }
.stop { font-weight: 600; border-inline-start: 4px solid var(--supple-care); padding-inline-start: .6em; }
details > summary { display: inline-flex; align-items: center; gap: .4em; color: var(--supple-accent); list-style: none; padding-inline: .1em; }
summary::-webkit-details-marker { display: none; }
summary::before { content: "+"; display: grid; place-items: center; inline-size: 1.4em; block-size: 1.4em; border: 1.5px solid currentColor; border-radius: 50%; line-height: 1; }
details[open] > summary::before { content: "–"; }
details > div { font-size: .9375em; padding-block: .25em .5em; }
.acts { display: flex; flex-wrap: wrap; gap: .5em; padding-block-start: .75em; border-block-start: 1px solid var(--supple-edge); }
.acts button { flex: 1 1 8em; }
.acts > button:first-child:not(.quiet) { flex-basis: 100%; }
.acts > .small:empty, .note .small:empty, .error:empty { display: none; }
.picker { flex: 1 1 100%; display: grid; grid-template-columns: minmax(0, 1fr); gap: .75em; padding: .9em; background: var(--supple-tint); border-radius: .6em; }
.picker legend, .picker .time { font-weight: 600; }
.days { display: flex; flex-wrap: wrap; gap: .4em; font-weight: 400; margin-block-start: .4em; }
.day { display: flex; align-items: center; gap: .4em; min-block-size: 44px; padding-inline: .6em; border: 1px solid var(--supple-line); border-radius: .5em; background: var(--supple-background); }
.time { display: flex; flex-wrap: wrap; align-items: center; gap: .75em; }
.time input { max-inline-size: 100%; }
.note { display: grid; gap: .5em; justify-items: start; }
.note label, .trace h3 { font-weight: 700; }
.trace { display: grid; gap: .5em; }
.note textarea { inline-size: 100%; }

.question { margin-block-start: 1em; display: grid; gap: .75em; border: 1px solid var(--supple-edge); border-radius: .6em; background: var(--supple-tint); padding: 1em; }
fieldset { display: grid; gap: .5em; }
legend { font-weight: 700; font-size: 1.0625em; margin-block-end: .5em; }
legend.long { font-weight: 400; font-size: 1em; }
.option { display: flex; gap: .75em; align-items: center; min-block-size: 48px; padding: .4em .75em; border: 1px solid var(--supple-line); border-radius: .5em; background: var(--supple-background); cursor: pointer; }
.option:has(:checked) { border-color: var(--supple-accent); box-shadow: inset 0 0 0 1px var(--supple-accent); }
input[type="checkbox"], input[type="radio"] { flex: none; inline-size: 1.5em; block-size: 1.5em; margin: 0; font: inherit; accent-color: var(--supple-accent); }
.ends, .chips { display: flex; flex-wrap: wrap; gap: .5em; }
.ends button { flex: 1 1 9em; }
.question:has(:checked) .ends button { color: var(--supple-accent); background: var(--supple-background); border-color: var(--supple-line); }
.question:has(:checked) .ends [type="submit"] { color: var(--supple-on-accent); background: var(--supple-accent); border-color: var(--supple-accent); }
.chips button { flex: 1 1 auto; border-color: var(--supple-accent); }
.error { color: var(--supple-grave); font-weight: 600; }

.composer { position: sticky; inset-block-end: -1em; margin: auto -1em -1em; padding: .6em 1em; background: var(--supple-background); border-block-start: 1px solid var(--supple-edge); display: grid; grid-template-columns: minmax(0, 1fr); gap: .25em; }
.asking .composer { position: static; border: 0; padding-block: 1em; }
.composer label { font-size: .875em; font-weight: 600; }
.line { display: flex; gap: .5em; align-items: flex-end; }
textarea, input[type="time"] { font: inherit; color: var(--supple-text); background: var(--supple-background); border: 1px solid var(--supple-line); border-radius: .5em; padding: .55em .7em; min-block-size: 44px; margin: 0; }
.line textarea { flex: 1; min-inline-size: 0; resize: none; field-sizing: content; max-block-size: 7.5em; }
.line textarea { min-block-size: 46px; }
.foot { flex: none; border-block-start: 1px solid var(--supple-edge); display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 .5em; padding: 0 .5em; }
.foot button.quiet { border-color: transparent; font-size: .875em; font-weight: 500; color: var(--supple-soft); padding: .25em .6em; background: none; }
.stage { flex: 1 1 auto; overflow-y: auto; padding: 1em; }

@media ${PHONE} {
  dialog.panel { inset: 0; inline-size: 100vw; max-inline-size: none; block-size: var(--height, 100dvh); max-block-size: none; border: 0; border-radius: 0; padding-block-end: env(safe-area-inset-bottom); }
}
@media (max-height: 480px) {
  .panel, dialog.panel { display: block; overflow-y: auto; }
  .scroller, .stage { overflow: visible; display: block; }
  .composer { position: static; margin-block-end: 0; border: 0; padding-block: 1em 0; }
  .bar, .names { padding-block: .25em; }
  .head { display: contents; }
  .bar { position: sticky; inset-block-start: 0; z-index: 1; background: var(--supple-tint); border-block-end: 1px solid var(--supple-edge); }
  .panel { scroll-padding-block: 64px 8px; }
}
@media (prefers-reduced-motion: no-preference) {
  .log > ol > li { animation: come .18s ease-out; }
  @keyframes come { from { opacity: 0; transform: translateY(6px); } }
}
@media (forced-colors: active) {
  .launcher, .panel, .heard, .question, li.you .words { border: 1px solid CanvasText; }
  button { border: 1px solid ButtonText; }
  .option:has(:checked) { outline: 2px solid Highlight; }
  :focus-visible { outline-color: Highlight; }
}
@media print { .root { display: none; } }
`;

// ---- Start

if (globalThis.customElements && !customElements.get("supple-chat")) {
  customElements.define("supple-chat", SuppleChat);
  const own = [...document.querySelectorAll("script[data-site]")].find(
    (s) => /** @type {HTMLScriptElement} */ (s).src === import.meta.url,
  );
  if (own instanceof HTMLScriptElement) {
    const chat = document.createElement("supple-chat");
    for (const name of ["site", "label", "position", "accent", "on-accent", "scheme"]) {
      const given = own.getAttribute(`data-${name}`);
      if (given !== null) chat.setAttribute(name, given);
    }
    const place = () => document.body.append(chat);
    if (document.body) place();
    else addEventListener("DOMContentLoaded", place, { once: true });
  }
}
