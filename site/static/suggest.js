// Suggestions under a field for words, a combobox after the pattern of ARIA: what
// the text may go on to, and things with such titles. site.js loads it when such a
// field is first used; without it the field is as it was.

const wait = 120; // milliseconds from the last key to the question
const most = 5; // texts
const kept = 50; // answers that are remembered

let style = null; // that the list needs, one for all fields
const styled = (href) => style ??= new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href, onload: done, onerror: done });
  document.head.append(link);
});

// option is a line of the list; about says what it leads to.
function option(id, text, lang, about) {
  const line = Object.assign(document.createElement("li"), { id, role: "option" });
  const words = Object.assign(document.createElement("bdi"), { textContent: text, lang });
  line.setAttribute("aria-selected", "false");
  line.append(words);
  if (about) line.append(" ", Object.assign(document.createElement("small"), { textContent: about }));
  return line;
}

// suggest gives a field its list.
export async function suggest(field) {
  const { form, dataset: words } = field;
  const lang = document.documentElement.lang;
  const list = Object.assign(document.createElement("ul"), { id: field.id + "-suggested", className: "suggest", role: "listbox", hidden: true });
  const told = Object.assign(document.createElement("p"), { className: "vh", role: "status" });
  const answers = new Map();
  let lines = [];
  let at = -1; // the line that is chosen
  let request = null;
  let timer = 0;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(-1);
    told.textContent = "";
  };

  const choose = (n) => {
    lines[at]?.line.setAttribute("aria-selected", "false");
    at = n;
    const line = lines[at]?.line;
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) field.setAttribute("aria-activedescendant", line.id);
    else field.removeAttribute("aria-activedescendant");
  };

  const follow = ({ text, url }) => {
    close();
    if (url) {
      const to = new URL(url);
      location.assign(to.pathname + to.search); // on the host where the reader is
      return;
    }
    field.value = text;
    form.requestSubmit();
  };

  const show = ({ texts, things }) => {
    choose(-1);
    const all = [...texts.map((text) => ({ text })), ...things.map(({ title, url, lang: of, kind }) => ({ text: title, url, of, kind }))];
    lines = all.map((one, i) => ({ ...one, line: option(`${list.id}-${i}`, one.text, one.of ?? "", words[one.kind]) }));
    list.replaceChildren(...lines.map((one) => one.line));
    if (!lines.length) return close();
    const opens = list.hidden;
    list.hidden = false;
    if (opens) list.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-expanded", "true");
    told.textContent = words.told.replace("{n}", lines.length.toLocaleString(lang));
  };

  const ask = async () => {
    const q = field.value;
    request?.abort();
    if (!q.trim() || document.activeElement !== field) return close();
    const mine = request = new AbortController();
    try {
      let answer = answers.get(q);
      if (!answer) {
        const came = await fetch("/api/v1/suggest?" + new URLSearchParams({ q, lang, limit: most }), { signal: mine.signal });
        if (!came.ok) return close();
        answer = await came.json();
        if (answers.size >= kept) answers.delete(answers.keys().next().value);
        answers.set(q, answer);
      }
      await styled(words.style);
      if (!mine.signal.aborted) show(answer);
    } catch {
      if (!mine.signal.aborted) close();
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };

  const keys = {
    ArrowDown: () => (list.hidden ? ask() : choose(at + 1 < lines.length ? at + 1 : -1)),
    ArrowUp: () => !list.hidden && choose(at < 0 ? lines.length - 1 : at - 1),
    Enter: () => at >= 0 && (follow(lines[at]), true),
    Escape: () => !list.hidden && (close(), true),
  };

  field.addEventListener("keydown", (e) => {
    if (e.isComposing || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !(e.key in keys)) return;
    if (keys[e.key]() !== false) e.preventDefault();
    else if (e.key === "Enter") close();
  });
  field.addEventListener("input", (e) => { if (!e.isComposing) soon(); });
  field.addEventListener("compositionend", soon);
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (e) => e.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (e) => {
    const one = lines.find((l) => l.line.contains(e.target));
    if (one) follow(one);
  });

  list.setAttribute("aria-label", words.label);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) field.setAttribute(name, value);
  field.after(list);
  form.append(told);
  if (field.value !== field.defaultValue) soon();
}
