// What JavaScript adds to pages that work without it: live results and tables,
// figures read out of drawings, downloads that tell how they are getting on,
// columns that are remembered, copy buttons, and folds that stay as the reader
// left them. What a page shows is always the HTML of the server.

const root = document.documentElement;
root.classList.add("js");
const wait = 300; // milliseconds from the last key to the question

// say returns a text in the language of the page, numbers in its digits.
const words = document.getElementById("words")?.dataset ?? {};
const say = (key, n = 0) => (words[key] ?? "").replace("{n}", n.toLocaleString(root.lang));

// measured writes an amount of a unit, as megabytes or seconds.
const measured = (n, unit, digits = 0) => n.toLocaleString(root.lang, { style: "unit", unit, unitDisplay: "long", minimumFractionDigits: digits, maximumFractionDigits: digits });

// make returns an element with attributes and what stands in it.
function make(tag, attributes, ...content) {
  const e = document.createElement(tag);
  for (const name in attributes) e.setAttribute(name, attributes[name]);
  e.append(...content);
  return e;
}

// One region, made once, says what has changed.
let region = null;
function announce(text) {
  if (!region) document.body.append(region = make("p", { class: "vh", role: "status" }));
  region.textContent = text;
}

// told is the sentence that says what the page shows.
const told = () => document.querySelector("[data-announce], #chart-title")?.textContent ?? document.title;

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

// around brings what names the page outside of its content up to date.
function around(fresh) {
  const links = "a.switch, .site-foot a";
  for (const link of document.querySelectorAll(links)) {
    const same = [...fresh.querySelectorAll(links)].find((l) => l.textContent === link.textContent);
    if (same) link.href = same.getAttribute("href");
  }
  document.title = fresh.title;
}

// keepFolds opens the folds of a fresh part as those of the same id are.
function keepFolds(there) {
  for (const fold of there.querySelectorAll("details[id]")) {
    const old = document.getElementById(fold.id);
    if (old) fold.open = old.open;
  }
}

// Live search: the form's own address is fetched, and the results and facets of
// the page that comes back take the place of those here.
function live(form) {
  let timer = 0;
  let request = null;

  const address = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
    const text = query.toString();
    return form.getAttribute("action") + (text ? "?" + text : "");
  };

  const swap = (fresh, id) => {
    const here = document.getElementById(id);
    const there = fresh.getElementById(id);
    if (!here || !there) return;
    const focused = here.contains(document.activeElement) ? document.activeElement : null;
    const scrolls = [...here.querySelectorAll("fieldset")].map((f) => f.scrollTop);
    keepFolds(there);
    here.replaceChildren(...there.childNodes);
    here.querySelectorAll("fieldset").forEach((f, i) => { f.scrollTop = scrolls[i] || 0; });
    if (!focused) return;
    const again = focused.id
      ? document.getElementById(focused.id)
      : [...here.querySelectorAll("input")].find((i) => i.name === focused.name && i.value === focused.value);
    if (again) again.focus({ preventScroll: true });
  };

  const update = async () => {
    clearTimeout(timer);
    if (request) request.abort();
    const mine = request = new AbortController();
    const results = document.getElementById("results");
    const url = address();
    results.classList.add("busy");
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) { location.assign(url); return; }
      const fresh = parsed(await answer.text());
      const typing = document.activeElement;
      swap(fresh, "results");
      if (!typing || (typing.id !== "from" && typing.id !== "to")) swap(fresh, "facets");
      around(fresh);
      history.replaceState(null, "", url);
      prepare();
      announce(told());
    } catch (err) {
      if (err.name !== "AbortError") location.assign(url);
    } finally {
      if (request === mine) results.classList.remove("busy");
    }
  };

  form.addEventListener("change", (e) => { if (e.target.type !== "search") update(); });
  form.addEventListener("input", (e) => {
    if (e.target.type !== "search") return;
    clearTimeout(timer);
    if (e.target.value.trim().length === 1) return;
    timer = setTimeout(update, wait);
  });
  form.addEventListener("submit", (e) => { e.preventDefault(); update(); });
}

// The explorer: links and forms that lead to another view on the same page are
// followed by fetching it and taking its content over. Whatever is not such a
// view is gone to as the browser does.
const main = document.getElementById("main");
const asking = "form#ask, form.chart-form";
const here = () => location.pathname + location.search;
let shown = here();
let asked = null; // the question under way
let timer = 0; // until the next one
let typed = ""; // the field whose typing made the last entry of the history
const sent = new WeakMap(); // what a form says that answers to the view

// halt ends the question under way.
function halt() {
  clearTimeout(timer);
  asked?.abort();
  asked = null;
  main.classList.remove("busy");
}

// pause waits, but not for a question that was given up.
const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// A list that somebody has just opened must not be taken from under the hand.
function listOpen() {
  try {
    return main.querySelector("select:open");
  } catch {
    return null; // the browser cannot tell
  }
}

// go shows the view at url. how it enters the history: push, replace, or pop
// when the history has it already. typing: the question is still being typed.
async function go(url, how, typing) {
  halt();
  const mine = asked = new AbortController();
  main.classList.add("busy");
  try {
    const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    const fresh = parsed(await answer.text());
    const at = new URL(answer.url);
    if (!(answer.ok || answer.status === 422) || at.pathname !== location.pathname || !fresh.querySelector("#main #ask")) throw new TypeError();
    while (listOpen()) await pause(100);
    if (mine.signal.aborted) return;
    if (how === "pop" || at.pathname + at.search !== shown) {
      if (how === "push") history.pushState(null, "", at);
      if (how === "replace") history.replaceState(null, "", at);
      shown = here();
      show(fresh);
      typed = typing ? document.activeElement.id : "";
    }
    halt();
  } catch {
    if (mine.signal.aborted) return;
    if (how === "pop") location.reload();
    else location.assign(url);
  }
}

// show puts the content of a fresh page in the place of this one's.
function show(fresh) {
  const focus = main.contains(document.activeElement) ? spot(document.activeElement) : null;
  const begun = rows().filter((r) => !r.complete && (r.column || r.value.trim()));
  const across = [...main.querySelectorAll(".scroll")].map((s) => s.scrollLeft);
  const there = fresh.getElementById("main");
  keepFolds(there);
  around(fresh);
  main.replaceChildren(...there.childNodes);
  main.querySelectorAll(".scroll").forEach((s, i) => { s.scrollLeft = across[i] || 0; });
  prepare();
  for (const r of begun) {
    const free = rows().find((f) => !f.column && !f.value);
    if (!free) break;
    [r.column, r.op, r.value].forEach((v, i) => {
      const field = free.fields[i];
      if (!field.options || [...field.options].some((o) => o.value === v)) field.value = v;
    });
  }
  announce(told());
  if (focus) refocus(focus);
}

// rows are the conditions of the form: column, relation, value.
function rows() {
  return [...main.querySelectorAll(".ask-row")].map((row) => {
    const fields = [...row.querySelectorAll("select, input")];
    const [column, op, value] = fields.map((f) => f.value);
    return { fields, column, op, value, complete: column && (value.trim() || op === "empty" || op === "filled") };
  });
}

// spot tells where the focus is, so that it is found again in another page: a
// condition may have another number there, and a link another address.
function spot(e) {
  const row = rows().find((r) => r.fields.includes(e));
  return { e, row, n: row?.fields.indexOf(e), place: placeOf(e), text: textOf(e) };
}

const placeOf = (e) => e.closest("[aria-labelledby], [aria-label]")?.getAttribute("aria-labelledby") ?? "";
const textOf = (e) => (e.querySelector("bdi") ?? e).textContent.trim();

function refocus({ e, row, n, place, text }) {
  const same = (r, ...names) => names.every((name) => r[name].trim() === row[name].trim());
  const all = rows();
  const again = row
    ? (all.find((r) => same(r, "column", "op", "value")) ?? all.find((r) => same(r, "column", "op")) ?? all.find((r) => same(r, "column")))?.fields[n]
    : e.id
      ? document.getElementById(e.id)
      : [...main.querySelectorAll(e.tagName)].find((l) => placeOf(l) === place && textOf(l) === text);
  if (again?.matches("input.input") && (!row || n === 2)) { // what is being typed stays as it is
    again.value = e.value;
    again.setSelectionRange(e.selectionStart, e.selectionEnd);
  }
  (again ?? (e.closest("form") && main.querySelector("#ask [type=submit]")) ?? main).focus({ preventScroll: true });
}

// questionOf is what a form asks, without conditions that are not whole.
function questionOf(form) {
  const query = new URLSearchParams(new FormData(form));
  if (form.id === "ask") for (const r of rows()) if (!r.complete) r.fields.forEach((f) => query.delete(f.name));
  return form.getAttribute("action") + "?" + query;
}

// changed asks after a while what a form says, if that is something new.
function changed(form, how, typing) {
  halt();
  if (sent.get(form) !== questionOf(form)) timer = setTimeout(() => go(questionOf(form), how, typing), wait);
}

function explore() {
  main.addEventListener("click", (e) => {
    const link = e.target.closest("a[href]");
    if (!link || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || e.defaultPrevented) return;
    if (link.target || link.download || link.hasAttribute("download") || link.origin !== location.origin || link.pathname !== location.pathname) return;
    if (link.hash && link.search === location.search) return;
    e.preventDefault();
    go(link.href, "push");
  });
  main.addEventListener("submit", (e) => {
    const form = e.target;
    if (form.method !== "get" || new URL(form.action).pathname !== location.pathname) return;
    e.preventDefault();
    go(form.matches(asking) ? questionOf(form) : form.getAttribute("action") + "?" + new URLSearchParams(new FormData(form)), "push");
  });
  main.addEventListener("input", (e) => {
    const form = e.target.closest(asking);
    if (!form) return;
    const typing = e.target.matches("input.input");
    if (e.target.name === "c") remember(form);
    changed(form, typing && typed === e.target.id ? "replace" : "push", typing);
  });
  addEventListener("popstate", () => {
    if (here() === shown) halt();
    else go(location.href, "pop");
  });
}

// Remembered columns: the last choice for a table is offered where another one
// is shown, and never made without being asked for.
const boxes = (form) => [...form.querySelectorAll("input[name=c]")];
const chosen = (form) => boxes(form).filter((b) => b.checked).map((b) => b.value);
const columnsKey = (form) => "columns:" + form.dataset.resource;

function remember(form) {
  try {
    const some = chosen(form);
    if (some.length && some.length < form.dataset.all) localStorage.setItem(columnsKey(form), JSON.stringify(some));
    else localStorage.removeItem(columnsKey(form));
  } catch {
    // storage is off
  }
}

function offer() {
  const form = main.querySelector("form#ask");
  if (!form || !boxes(form).length) return;
  let last = [];
  try {
    last = [].concat(JSON.parse(localStorage.getItem(columnsKey(form)) ?? "[]"));
  } catch {
    return; // storage is off, or another hand wrote there
  }
  const known = boxes(form).filter((b) => last.includes(b.value));
  if (!known.length || String(known.map((b) => b.value)) === String(chosen(form))) return;
  const button = make("button", { type: "button", class: "btn small alt recall" }, say("columns", known.length));
  button.addEventListener("click", () => {
    for (const b of boxes(form)) b.checked = known.includes(b);
    go(questionOf(form), "push");
  });
  form.querySelector(".actions").append(" ", button);
}

// Figures are read out of a drawing into one line: of what is under the
// pointer, or of what the arrow keys lead to. The line's words are those of the
// table beside the drawing.
const picture = "svg.chart-svg, svg.map-svg, ul.map-tiles";
const drawn = ".map-area, .map-line, .map-dot, .map-tile-in";
const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// spots are the figures of a drawing: where they are on the screen, and in
// which cell of the table.
function spots(area, table) {
  const all = [];
  const lines = new Set();
  for (const path of area.querySelectorAll("path[data-col]")) {
    const col = Number(path.dataset.col);
    const at = area.getScreenCTM();
    const steps = [...path.getAttribute("d").matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)];
    const filled = rowsOf(table, col, steps.length);
    lines.add(col);
    steps.forEach(([, x, y], i) => {
      const p = new DOMPoint(x, y).matrixTransform(at);
      all.push({ col, row: filled[i], mark: path, x: p.x, y: p.y, box: new DOMRect(p.x, p.y), at: [x, y], name: `${col}:${i}` });
    });
  }
  area.querySelectorAll(drawn + ", [data-row]").forEach((mark, i) => {
    const [row, col] = [mark.dataset.row, mark.dataset.col].map(Number);
    if (lines.has(col)) return;
    const box = mark.getBoundingClientRect();
    all.push({ col, row, mark, x: box.x + box.width / 2, y: box.y + box.height / 2, box, name: String(i) });
  });
  const bars = all.length && all.every((s) => s.mark.matches("rect[data-row]"));
  if (bars) { // they are one after another, whatever their length
    const lying = all.every((s) => Math.abs(s.box.height - all[0].box.height) < 1);
    for (const s of all) s[lying ? "x" : "y"] = 0;
  }
  return all;
}

// rowsOf are the rows of the table that n steps of a line stand for: those with
// a figure, or in a stack those where any series has one.
function rowsOf(table, col, n) {
  const all = [...(table?.tBodies[0].rows ?? [])];
  const has = (cell) => cell && !cell.querySelector(".null");
  for (const test of [(r) => has(r.cells[col + 1]), (r) => [...r.cells].slice(1).some(has)]) {
    const some = all.filter(test);
    if (some.length === n) return some.map((r) => r.sectionRowIndex);
  }
  return [];
}

// away is how far a point is from a figure.
const away = (s, x, y) => Math.hypot(Math.max(s.box.left - x, 0, x - s.box.right), Math.max(s.box.top - y, 0, y - s.box.bottom));

// nearest returns the figure at the pointer; of two that lie on one another the
// smaller.
function nearest(all, x, y) {
  const size = (s) => s.box.width * s.box.height;
  const near = all.map((s) => [s, away(s, x, y)]).filter(([, d]) => d < 40);
  return near.sort(([a, d], [b, f]) => d - f || size(a) - size(b))[0]?.[0];
}

// towards returns the next figure in a direction: on a line that of the same
// series, else of the same step.
function towards(all, from, [dx, dy]) {
  const line = from.mark.matches("circle[data-row], path[data-col]");
  const same = line && all.filter((s) => (dx ? s.col === from.col : s.row === from.row));
  const pool = line && same.length > 1 ? same : all;
  const across = pool === same ? 0.001 : 2;
  let best = null;
  let least = Infinity;
  for (const s of pool) {
    const [x, y] = [s.x - from.x, s.y - from.y];
    const along = x * dx + y * dy;
    const cost = along + across * Math.abs(x * dy + y * dx);
    if (along > 0.01 && cost < least) [best, least] = [s, cost];
  }
  return best;
}

// read returns a figure in words: those of its row, else the drawing's own.
function read(s, table) {
  const head = table?.tHead.rows[0].cells;
  let row = table?.tBodies[0].rows[s.row];
  const name = s.mark.querySelector(".map-name")?.textContent;
  if (name) row = [...(table?.tBodies[0].rows ?? [])].find((r) => r.cells[0].textContent.trim() === name);
  const col = (s.col || 0) + 1;
  if (!row?.cells[col]) return [make("bdi", {}, s.mark.querySelector("title")?.textContent ?? s.mark.title ?? "")];
  return [0, col].flatMap((i) => [i ? " · " : "", make("bdi", {}, head[i].textContent.trim()), ": ", make("bdi", {}, row.cells[i].textContent.trim())]);
}

function readable(figure) {
  const table = document.querySelector(".chart-table table");
  const areas = [...figure.querySelectorAll(picture)];
  if (!areas.length) return;
  const line = make("p", { id: "readout", class: "readout", "aria-live": "polite" }, say("figures"));
  areas.at(-1).after(line);
  for (const area of areas) reader(area, table, line);
}

function reader(area, table, line) {
  const tiles = area.matches("ul");
  const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  let at = null; // name of the figure that is read
  let frame = 0;
  const mark = (s) => {
    area.querySelector(".ch-at")?.classList.remove("ch-at");
    ring.remove();
    if (s && s.name !== at) line.replaceChildren(...read(s, table));
    at = s?.name;
    if (!s) return;
    if (!s.at) { s.mark.classList.add("ch-at"); return; }
    for (const [name, v] of [["cx", s.at[0]], ["cy", s.at[1]], ["r", 7], ["class", "ch-ring"]]) ring.setAttribute(name, v);
    area.append(ring);
  };
  const point = (e) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const s = nearest(spots(area, table), e.clientX, e.clientY);
      if (s) mark(s);
    });
  };
  area.addEventListener("pointermove", point);
  area.addEventListener("pointerdown", point);
  area.addEventListener("pointerleave", () => { cancelAnimationFrame(frame); if (document.activeElement !== area) mark(null); });
  area.addEventListener("focusout", () => mark(null));
  if (tiles) area.addEventListener("focusin", (e) => mark(spots(area, table).find((s) => s.mark === e.target)));
  else {
    area.setAttribute("tabindex", "0");
    area.setAttribute("role", "application");
    area.setAttribute("aria-describedby", `${area.getAttribute("aria-describedby") ?? ""} ${line.id}`);
  }
  area.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") { document.activeElement.blur(); return; }
    let all = spots(area, table);
    if (tiles) all = all.filter((s) => s.mark.matches("a"));
    const from = all.find((s) => s.name === at);
    let s = null;
    if (e.key === "Home") s = all[0];
    else if (e.key === "End") s = all.at(-1);
    else if (!(e.key in ways)) return;
    else s = from ? towards(all, from, ways[e.key]) : all[0];
    e.preventDefault();
    if (!s) return;
    if (tiles) s.mark.focus();
    else mark(s);
  });
}

// A download that must be made first: the server is asked for one byte of it,
// and the download begins when that is there. An error is told in words.
async function build(link) {
  const item = link.parentElement;
  if (item.querySelector(".build:not(.bad)")) return;
  item.querySelector(".build")?.remove();
  const stop = new AbortController();
  const count = make("span", { "aria-hidden": "true" });
  const cancel = make("button", { type: "button", class: "btn small alt" }, say("cancel"));
  const note = make("p", { class: "build" }, make("span", {}, say("wait")), " ", count, " ", cancel);
  const start = Date.now();
  const tick = setInterval(() => { count.textContent = say("seconds", Math.round((Date.now() - start) / 1000)); }, 1000);
  const late = setTimeout(() => { item.append(note); announce(say("wait")); }, wait);
  const failed = (why) => {
    note.replaceChildren(say("refused"), " ", make("bdi", {}, why));
    note.classList.add("bad");
    item.append(note);
    announce(note.textContent);
  };
  cancel.addEventListener("click", () => stop.abort());
  try {
    const headers = { Accept: "application/json", "Accept-Language": root.lang, Range: "bytes=0-0" };
    const answer = await fetch(link.href, { signal: stop.signal, headers, cache: "no-store" });
    if (answer.ok || answer.status === 416) {
      answer.body?.cancel();
      note.remove();
      link.removeAttribute("data-build");
      link.click();
      announce(say("begun"));
    } else {
      const problem = await answer.json().catch(() => ({}));
      failed(problem.detail || problem.title || say("lost"));
    }
  } catch {
    if (!stop.signal.aborted) failed(say("lost"));
    else {
      note.remove();
      link.focus();
    }
  } finally {
    clearInterval(tick);
    clearTimeout(late);
  }
}

document.addEventListener("click", (e) => {
  const link = e.target.closest("a[data-build]");
  if (!link || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  build(link);
});

// An upload tells how far it is: without this the browser sends the form and is
// silent. The answer is the page that the server leads to, or the form again
// with what is wrong.
function upload(form) {
  let sending = false;
  form.addEventListener("submit", (e) => {
    const file = form.elements.file.files[0];
    if (sending) e.preventDefault();
    if (sending || !file || file.size > 2 ** 31) return; // the server says what is wrong
    e.preventDefault();
    sending = true;
    form.querySelector(".build")?.remove();
    const bar = make("progress", { max: 1, value: 0, "aria-label": say("sending") });
    const text = make("span", {}, say("sending"));
    const cancel = make("button", { type: "button", class: "btn small alt" }, say("cancel"));
    const note = make("p", { class: "build" }, bar, text, " ", cancel);
    const request = new XMLHttpRequest();
    const start = performance.now();
    const stopped = (why) => {
      sending = false;
      note.replaceChildren(why);
      note.classList.add("bad");
      announce(why);
      form.querySelector("[type=submit]").focus();
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      if (!loaded || loaded === total) return;
      const left = (performance.now() - start) / loaded * (total - loaded) / 1000;
      const time = left < 90 ? measured(Math.ceil(left), "second") : measured(Math.ceil(left / 60), "minute");
      const digits = total < 1e8 ? 1 : 0;
      bar.value = loaded / total;
      text.textContent = say("sent").replace("{a}", measured(loaded / 1e6, "megabyte", digits)).replace("{b}", measured(total / 1e6, "megabyte", digits)).replace("{c}", time);
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      cancel.remove(); // it would be too late
      text.textContent = say("received");
      announce(say("received"));
    });
    request.addEventListener("load", () => {
      if (new URL(request.responseURL).pathname !== location.pathname) {
        location.assign(request.responseURL);
        return;
      }
      const fresh = parsed(request.responseText);
      document.title = fresh.title;
      main.replaceChildren(...fresh.getElementById("main").childNodes);
      prepare();
      (main.querySelector("[role=alert], [aria-invalid]") ?? main).focus();
    });
    request.addEventListener("error", () => stopped(say("lost")));
    request.addEventListener("abort", () => stopped(say("stopped")));
    cancel.addEventListener("click", () => request.abort());
    form.append(note);
    announce(say("sending"));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  });
}

// Copy buttons appear only where they can work.
document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy]");
  if (!button) return;
  const box = button.closest(".copy");
  const text = (box.querySelector("code") || box.querySelector("[data-text]")).textContent.trim();
  const label = button.querySelector("span");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    return;
  }
  label.textContent = label.dataset.done;
  announce(label.textContent);
  setTimeout(() => { label.textContent = before; }, 2000);
});

// Folds remember whether they were open, for the visit.
function folds() {
  for (const fold of document.querySelectorAll("details[data-keep][id]:not([data-kept])")) {
    const key = "fold:" + location.pathname.slice(3) + "#" + fold.id;
    fold.dataset.kept = "";
    try {
      const kept = sessionStorage.getItem(key);
      if (kept !== null) fold.open = kept === "1";
      fold.addEventListener("toggle", () => sessionStorage.setItem(key, fold.open ? "1" : "0"));
    } catch {
      return; // storage is off
    }
  }
}

// The puzzle of a form that is open to everybody is solved beside the page from
// when the form is first touched; where it is sent, that is waited for.
function puzzle(form) {
  const { worker, seed, bits, now } = form.dataset;
  const field = form.elements.nonce;
  let solving = null;
  const solve = () => solving ??= new Promise((done) => {
    const solver = new Worker(worker);
    solver.onmessage = (e) => { field.value = e.data; solver.terminate(); done(); };
    solver.onerror = done;
    solver.postMessage({ seed, bits: Number(bits) });
  });
  form.addEventListener("focusin", solve, { once: true });
  if (now === undefined) return;
  solve();
  let over = false;
  form.addEventListener("submit", async (e) => {
    if (field.value || over || e.submitter?.value !== "send") return;
    e.preventDefault();
    announce(e.submitter.textContent = form.dataset.wait);
    await solve();
    over = true;
    form.requestSubmit(e.submitter);
  });
}

// What is typed into a form is kept in this browser until it is sent, and stands
// there again when the form is opened anew.
function keepUnsent(form) {
  const key = (field) => `unsent:${form.dataset.unsent}:${field.name}`;
  const fields = [...form.querySelectorAll("textarea")];
  try {
    for (const f of fields) f.value ||= localStorage.getItem(key(f)) ?? "";
  } catch {
    return; // storage is off
  }
  form.addEventListener("input", (e) => {
    if (!fields.includes(e.target)) return;
    if (e.target.value) localStorage.setItem(key(e.target), e.target.value);
    else localStorage.removeItem(key(e.target));
  });
  form.addEventListener("submit", (e) => {
    if (e.submitter?.value === "send") sessionStorage.setItem("sending", `unsent:${form.dataset.unsent}:`);
  });
}

// forgetSent lets go of what the page is the receipt of.
function forgetSent() {
  try {
    const sent = sessionStorage.getItem("sending");
    if (!sent || !main?.querySelector("[data-sent]")) return;
    for (const key of Object.keys(localStorage)) if (key.startsWith(sent)) localStorage.removeItem(key);
    sessionStorage.removeItem("sending");
  } catch {
    // storage is off
  }
}

// Words that are marked in a draft are quoted: in the form of a comment they
// stand in its field, beside an article a door leads to the form with them.
function quoting() {
  const field = document.getElementById("in-quote");
  const door = make("a", { class: "btn small" }, say("quote"));
  const place = make("p", {}, door);
  let filled = "";
  let timer = 0;
  const look = () => {
    const marked = getSelection();
    const text = String(marked).trim().replace(/\s+/g, " ");
    const at = marked.rangeCount && marked.getRangeAt(0).commonAncestorContainer;
    const own = text && text.length <= 1000 && (at.closest ? at : at.parentElement).closest(".own, #provision");
    if (!own) return;
    if (field) {
      if (!field.value || field.value === filled) field.value = filled = text;
      return;
    }
    const to = [...own.closest(".prov")?.querySelectorAll(".thread-doors .btn") ?? []].pop();
    if (!to) return;
    door.href = to.href + "&quote=" + encodeURIComponent(text);
    own.after(place);
  };
  document.addEventListener("selectionchange", () => { clearTimeout(timer); timer = setTimeout(look, wait); });
}

// prepare does what fresh content needs, once for each part of it.
function prepare() {
  folds();
  if (navigator.clipboard) for (const b of document.querySelectorAll("[data-copy]")) b.hidden = false;
  for (const figure of document.querySelectorAll("figure.chart:not([data-read])")) {
    figure.dataset.read = "";
    readable(figure);
  }
  for (const form of document.querySelectorAll("form[data-upload]:not([data-told])")) {
    form.dataset.told = "";
    upload(form);
  }
  offer();
  for (const form of main?.querySelectorAll(asking) ?? []) sent.set(form, questionOf(form));
}

prepare();
for (const form of document.querySelectorAll("form[data-live]")) live(form);
for (const form of document.querySelectorAll("form[data-seed]")) puzzle(form);
for (const form of document.querySelectorAll("form[data-unsent]")) keepUnsent(form);
// Fields with suggestions get what these need when they are first used.
for (const field of document.querySelectorAll("[data-suggest]")) {
  const equip = async () => (await import(field.dataset.suggest)).suggest(field);
  if (document.activeElement === field) equip();
  else field.addEventListener("focus", equip, { once: true });
}
forgetSent();
if (main?.querySelector(".law, #provision")) quoting();
if (main?.querySelector("form#ask")) explore();
