// What is measured on a page with the widget: each function answers a list of what is wrong, in words.
(() => {
  const chat = () => document.querySelector("supple-chat").shadowRoot;
  const named = (e) => `${e.localName} ${e.className} "${e.textContent.trim().slice(0, 40)}"`;

  /** Targets smaller than `least` pixels; of a tick box its label counts, of a link in running text its line. */
  function small(least = 44, inline = 24) {
    const found = [];
    for (const e of chat().querySelectorAll("a[href], button, input, select, textarea, summary")) {
      if (!e.checkVisibility({ visibilityProperty: true }) || e.type === "hidden") continue;
      const target = ["checkbox", "radio"].includes(e.type) && e.labels.length ? e.labels[0] : e;
      const box = target.getBoundingClientRect();
      const needed = getComputedStyle(e).display === "inline" ? inline : least;
      if (box.width < needed || box.height < needed) found.push(`${named(e)} ${box.width.toFixed()}x${box.height.toFixed()}`);
    }
    return found;
  }

  const colour = (css) => css.match(/[\d.]+/g).map(Number);

  function light(rgb) {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  /** The colour that is really behind an element. */
  function behind(element) {
    for (let e = element; e; e = e.parentElement ?? e.getRootNode().host) {
      const [r, g, b, alpha = 1] = colour(getComputedStyle(e).backgroundColor);
      if (alpha > 0.99) return [r, g, b];
    }
    return [255, 255, 255];
  }

  /** Text whose contrast is less than WCAG 2.2 level AA asks for. */
  function pale() {
    const found = [];
    for (const e of chat().querySelectorAll("*")) {
      const own = [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      if (!own || !e.checkVisibility() || e.closest(".unseen, svg")) continue;
      const style = getComputedStyle(e);
      const [low, high] = [light(colour(style.color).slice(0, 3)), light(behind(e))].sort((a, b) => a - b);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(`${named(e)} ${ratio.toFixed(2)}`);
    }
    return found;
  }

  /** What has the focus, where nothing of it can be seen. */
  function unseen() {
    let e = document.activeElement;
    while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
    if (!e || e === document.body) return [];
    const box = e.getBoundingClientRect(), root = e.getRootNode(), parts = [0.1, 0.3, 0.5, 0.7, 0.9];
    const shows = (x, y) => {
      const at = root.elementFromPoint(x, y);
      return at && (e.contains(at) || e.labels?.[0]?.contains(at));
    };
    const seen = parts.some((x) => parts.some((y) => shows(box.left + box.width * x, box.top + box.height * y)));
    return seen ? [] : [`${named(e)} ${Math.round(box.top)}-${Math.round(box.bottom)} of ${innerHeight}`];
  }

  /** What is wider than its place, or stands outside of the window. */
  function cut() {
    const found = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
    for (const e of chat().querySelectorAll(".panel, .panel *, .launcher")) {
      if (!e.checkVisibility() || e.closest(".unseen, svg, .play-scroll, textarea")) continue;
      const { left, right, width } = e.getBoundingClientRect();
      if (width && (left < -1 || right > innerWidth + 1)) found.push(`${named(e)} outside`);
      const inline = getComputedStyle(e).display === "inline";
      if (!inline && e.clientWidth && e.scrollWidth > e.clientWidth + 1) found.push(`${named(e)} ${e.scrollWidth} in ${e.clientWidth}`);
    }
    return found;
  }

  /** What moves by itself. */
  function moving() {
    const lasts = (time) => /[1-9]/.test(time);
    return [...chat().querySelectorAll("*")].filter((e) => {
      const style = getComputedStyle(e);
      return lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration));
    }).map(named);
  }

  /** Text as far apart as WCAG 1.4.12 lets a reader ask for. */
  function spread() {
    const wide = new CSSStyleSheet();
    wide.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
      p { margin-bottom: 2em !important }`);
    chat().adoptedStyleSheets = [...chat().adoptedStyleSheets, wide];
    return [];
  }

  return { small, pale, unseen, cut, moving, spread };
})();
