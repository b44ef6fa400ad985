// What JavaScript adds to pages that work without it: live results, copy
// buttons, and folds that stay as the reader left them.

const root = document.documentElement;
root.classList.add("js");

// Live search: the form's own address is fetched, and the results and facets of
// the page that comes back take the place of those here.
const wait = 300;

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
    for (const fold of there.querySelectorAll("details[id]")) {
      const old = document.getElementById(fold.id);
      if (old) fold.open = old.open;
    }
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
    request = new AbortController();
    const results = document.getElementById("results");
    const url = address();
    results.classList.add("busy");
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) { location.assign(url); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const typing = document.activeElement;
      swap(fresh, "results");
      if (!typing || (typing.id !== "from" && typing.id !== "to")) swap(fresh, "facets");
      for (const link of document.querySelectorAll("a.switch, .site-foot a")) {
        const same = [...fresh.querySelectorAll("a.switch, .site-foot a")].find((l) => l.textContent === link.textContent);
        if (same) link.href = same.getAttribute("href");
      }
      document.title = fresh.title;
      history.replaceState(null, "", url);
      folds();
      announce(document.querySelector("[data-announce]"));
    } catch (err) {
      if (err.name !== "AbortError") location.assign(url);
    } finally {
      results.classList.remove("busy");
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

// One region, made once, says the number of results when they have changed.
let region = null;
function announce(source) {
  if (!source) return;
  if (!region) {
    region = document.createElement("p");
    region.className = "vh";
    region.setAttribute("role", "status");
    document.getElementById("main").append(region);
  }
  region.textContent = source.textContent;
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
  announce(label);
  setTimeout(() => { label.textContent = before; }, 2000);
});
if (navigator.clipboard) for (const b of document.querySelectorAll("[data-copy]")) b.hidden = false;

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
folds();

for (const form of document.querySelectorAll("form[data-live]")) live(form);
