// Finds the pages to look at: one or two of each kind that the program has, by
// following its links, and the states that no link leads to. They are the same
// each time for the same datasets, whatever their ids are and which is newest.

const perKind = 2; // pages of one kind
const followed = 6; // pages of one kind of which the links are followed

// kindOf is the address with its names taken out: what kind of page it is.
export function kindOf(path) {
  return path
    .split('?')[0]
    .replace(/^\/(fa|en)(?=\/|$)/, '')
    .replace(/\/[0-9a-f]{64}(?=\/|$)/g, '/{digest}')
    .replace(/\/[0-9a-f]{8}-[0-9a-f-]{27}(?=\/|$)/g, '/{id}')
    .replace(/^\/indicators\/sets\/\d+$/, '/indicators/sets/{n}')
    .replace(/^\/indicators\/(?!\{|sets\/|(?:league|late)$)[^/]+/, '/indicators/{slug}')
    .replace(/^\/spending\/budgets\/[^/{]+/, '/spending/budgets/{slug}')
    .replace(/^\/spending\/(\d[^/]*)\/.+/, '/spending/{year}/{path}')
    .replace(/^\/spending\/\d[^/]*$/, '/spending/{year}')
    .replace(/^\/contracts\/parties\/[^/{]+$/, '/contracts/parties/{slug}')
    .replace(/^\/contracts\/(?!\{|(?:flags|parties)(?:\/|$))[^/]+/, '/contracts/{slug}')
    .replace(/^\/(datasets|agencies|sources|drafts)\/(?!\{)[^/]+/, '/$1/{slug}') || '/';
}

// nameOf is a kind as a name of a file.
const nameOf = (kind) => kind.replace(/[{}]/g, '').replace(/^\//, '').replaceAll('/', '-') || 'home';

async function get(base, path, accept) {
  const r = await fetch(base + path, { headers: { accept }, redirect: 'follow' });
  if (!r.ok) throw new Error(`${path} answers ${r.status}`);
  return r;
}

const json = async (base, path) => (await get(base, path, 'application/json')).json();
const html = async (base, path) => (await get(base, path, 'text/html')).text();

// plain undoes the escapes of an attribute.
const plain = (s) => s.replace(/&#(\d+);/g, (_, n) => String.fromCodePoint(n)).replaceAll('&amp;', '&');

function links(text) {
  return [...text.matchAll(/<a\b[^>]*?\bhref="([^"]+)"/g)]
    .map((m) => plain(m[1]).split('#')[0])
    .filter((h) => /^\/(fa|en)(\/|$|\?)/.test(h));
}

// crawl follows the links of the Persian pages from the home page, a few of
// each kind, and returns addresses without language by kind. Of the kinds of
// which some are chosen it looks at those alone, in their order.
async function crawl(base, chosenOf) {
  const found = new Map();
  const picked = [...chosenOf.values()].flat().map((p) => `/fa${p}`);
  const queue = ['/fa/', ...picked];
  const seen = new Set(queue);
  const visits = new Map();
  const linked = new Set(); // kinds
  while (queue.length > 0) {
    const at = queue.shift();
    const kind = kindOf(at);
    const asked = at.includes('?') ? `${kind}?` : kind; // one with a query is no example of its kind
    const n = visits.get(asked) ?? 0;
    if (n >= (chosenOf.get(kind)?.length ?? followed)) continue;
    visits.set(asked, n + 1);
    const text = await html(base, at);
    const bare = at.replace(/^\/fa/, '') || '/';
    if (!bare.includes('?')) found.set(kind, [...(found.get(kind) ?? []), bare]);
    for (const h of links(text)) {
      if (!h.startsWith('/fa')) continue;
      linked.add(kindOf(h));
      if (seen.has(h)) continue;
      seen.add(h);
      queue.push(h);
    }
  }
  for (const kind of chosenOf.keys()) if (!linked.has(kind)) found.delete(kind); // no link leads there
  return found;
}

// unlinked are the pages that the program has and no link leads to: for every
// address of its API there may be a page of the same path.
async function unlinked(base, found) {
  const pages = [];
  for (const r of (await json(base, '/api/v1/developers')).results) {
    const path = new URL(r.example || r.path, base).pathname;
    if (!path.startsWith('/api/v1') || path.includes('{')) continue;
    const bare = path.slice('/api/v1'.length) || '/';
    const kind = kindOf(bare);
    if (found.has(kind)) continue;
    const [, parent, last] = /^(.*)(\/[^/]*)$/.exec(kind);
    for (const p of [...(found.get(parent) ?? []).map((above) => above + last), bare]) {
      const answer = await fetch(`${base}/fa${p}`, { headers: { accept: 'text/html' } });
      if (!answer.ok) continue;
      pages.push(p);
      break;
    }
  }
  return pages;
}

// bySlug orders things by their names in addresses.
const bySlug = (a, b) => (a.slug < b.slug ? -1 : 1);

// chosen picks the datasets that differ most: Persian first, English first,
// the widest table, the longest one, the most files, one without a table, and
// one with a map.
async function chosen(base) {
  const picks = new Map();
  const best = new Map();
  const tables = new Set();
  const most = (what, n, slug) => {
    if (n > (best.get(what) ?? 0)) {
      best.set(what, n);
      picks.set(what, slug);
    }
  };
  const { results } = await json(base, '/api/v1/datasets?_size=100');
  for (const d of results.sort(bySlug)) {
    const rows = Math.max(0, ...d.resources.map((r) => r.rows ?? 0));
    picks.set(d.languages?.[0], picks.get(d.languages?.[0]) ?? d.slug);
    most('longest', rows, d.slug);
    most('files', d.resources.length, d.slug);
    if (rows > 0) tables.add(d.slug);
    if (rows === 0) picks.set('no table', d.slug);
    else most('widest', (await json(base, `/api/v1/datasets/${d.slug}/columns`)).total, d.slug);
  }
  for (const d of results) {
    if (!tables.has(d.slug) || !(await fetch(`${base}/api/v1/datasets/${d.slug}/map`)).ok) continue;
    picks.set('map', d.slug);
    break;
  }
  const first = ['widest', 'map'].filter((what) => picks.has(what)).map((what) => picks.get(what)); // with the most to look at
  const slugs = [...new Set([...first, ...picks.values()])];
  return { all: slugs, tables: slugs.filter((s) => tables.has(s)).slice(0, 3) };
}

// views adds the states of a table's page that no link of the crawl leads to.
async function views(base, path, add) {
  const { results } = await json(base, `/api/v1${path.replace(/\/table$/, '/columns')}`);
  const text = results.find((c) => c.type === 'text' && c.profile?.top?.length);
  const number = results.find((c) => c.type === 'integer' || c.type === 'decimal');
  const query = (o) => '?' + new URLSearchParams(o);
  if (text) {
    add(path + query({ [text.name]: text.profile.top[0].value, _sort: `-${results[0].name}` }), 'table-filtered');
    add(path + query({ [text.name]: 'zzqxv' }), 'table-nothing');
    add(path + query({ _group: text.name, _count: '1' }), 'table-groups');
  }
  if (number) add(path + query({ [`${number.name}__gt`]: 'x', no_such_column: '1' }), 'table-faults', 422);
  const { resource, edition } = await json(base, `/api/v1${path}`);
  add(path + query({ resource, edition }), 'table-edition');
}

// buried adds the pages of what is no longer published.
async function buried(base, add) {
  const { results } = await json(base, '/api/v1/removed');
  for (const noun of ['dataset', 'resource']) {
    const gone = results.find((r) => r.noun === noun && r.url && !r.returned);
    if (gone) add(new URL(gone.url, base).pathname.replace(/^\/(fa|en)(?=\/)/, ''), `tombstone-${noun}`, 410);
  }
}

// drafts adds the states of pages of drafts that no link of the crawl leads to.
async function drafts(base, add) {
  const { results } = await json(base, '/api/v1/drafts');
  const at = async (d) => (await json(base, `/api/v1/drafts/${d.slug}`)).provisions.find((p) => p.kind === 'article')?.address;
  const open = results.find((d) => d.state === 'open');
  if (open) add(`/drafts/${open.slug}/comment?at=${await at(open)}`, 'draft-comment-article');
  const closed = results.find((d) => d.state === 'approved');
  if (!closed) return;
  add(`/drafts/${closed.slug}/comment`, 'draft-comment-closed');
  add(`/drafts/${closed.slug}/comments?at=${await at(closed)}`, 'draft-comments-article');
  add(`/drafts/${closed.slug}/compare?view=side&all=1`, 'draft-compare-side');
  add(`/drafts/${closed.slug}?version=1`, 'draft-version');
  add('/drafts?state=announced', 'drafts-announced');
  add('/verify', 'verify');
  add('/search?q=' + encodeURIComponent('مدرسه'), 'found-words');
  add('/search?in=comment&q=zzqxv', 'found-nothing');
}

// list returns { path, name, status, whole } of every page to look at, without its
// language, and faults: kinds of pages that no link leads to. With axe and without
// scripts one page of each kind is looked at, and all that were chosen because they
// differ.
export async function list(base) {
  const slugs = await chosen(base);
  const first = async (noun, n) => (await json(base, `/api/v1/${noun}`)).results.sort(bySlug).slice(0, n).map((x) => `/${noun}/${x.slug}`);
  const found = await crawl(base, new Map([
    ['/datasets/{slug}', slugs.all.map((s) => `/datasets/${s}`)],
    ['/agencies/{slug}', await first('agencies', followed)],
    ['/sources/{slug}', await first('sources', followed)],
    ['/drafts/{slug}', await first('drafts', followed)],
    ['/indicators/{slug}', ['/indicators/S01', '/indicators/S05']],
    ['/quality/datasets', ['/quality/datasets']],
  ]));
  const pages = [];
  const add = (path, name, status = 200, whole = true) => {
    if (!pages.some((p) => p.path === path)) pages.push({ path, name, status, whole });
  };
  const special = { '/datasets/{slug}': slugs.all, '/datasets/{slug}/table': slugs.tables };
  for (const [kind, paths] of found) {
    const name = nameOf(kind);
    const some = special[kind]?.map((s) => kind.replace('{slug}', s)).filter((p) => p) ?? paths.slice(0, kind.includes('{') ? perKind : 1);
    some.forEach((p, i) => add(p, some.length > 1 ? `${name}-${i + 1}` : name, 200, i === 0 || kind in special));
  }
  add('/datasets?q=' + encodeURIComponent('استان'), 'search-words');
  add('/datasets?q=zzqxv', 'search-nothing');
  add('/no-such-page', 'error-404', 404);
  for (const d of (await json(base, '/api/v1/datasets?q=coordinates')).results.slice(0, 3).sort(bySlug)) {
    const points = `/datasets/${d.slug}/map?place=_points`;
    if ((await fetch(`${base}/api/v1${points}`)).ok) add(points, 'map-points');
  }
  const table = pages.find((p) => kindOf(p.path) === '/datasets/{slug}/table');
  if (table) add(table.path + '?_sort=no_such_column', 'error-422', 422);
  if (table) await views(base, table.path, add);
  await drafts(base, add);
  add('/contracts?q=zzqxv', 'contracts-nothing');
  add('/contracts?flag=single&method=open', 'contracts-flagged');
  add('/removed', 'removed');
  add('/log', 'log');
  await buried(base, add);
  const chart = pages.find((p) => kindOf(p.path) === '/datasets/{slug}/chart');
  if (chart) {
    for (const kind of ['bars', 'histogram', 'area']) add(chart.path + '?type=' + kind, 'chart-' + kind);
    add(chart.path + '?type=no-such-kind', 'chart-error', 422);
  }
  const lost = await unlinked(base, found);
  for (const p of lost) add(p, nameOf(kindOf(p)));
  // a table of one edition has nothing to compare with, so nothing leads there
  const faults = lost.filter((p) => !p.endsWith('/diff')).map((p) => `no link leads to ${p}`);
  return { pages, faults };
}

// deadLinks opens every link of the pages that were listed and returns those
// that do not answer.
export async function deadLinks(base, paths) {
  const all = new Set();
  for (const p of paths) {
    const text = await (await fetch(base + p, { headers: { accept: 'text/html' } })).text();
    for (const m of text.matchAll(/\b(?:href|src|action)="(\/[^"]*)/g)) all.add(plain(m[1]).split('#')[0]);
  }
  const dead = [];
  const rest = [...all];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let h = rest.pop(); h !== undefined; h = rest.pop()) {
      const r = await fetch(base + h, { method: 'HEAD', redirect: 'follow' });
      if (r.status >= 400 && r.status !== 410) dead.push(`${h} answers ${r.status}`);
    }
  }));
  return { dead, count: all.size };
}
