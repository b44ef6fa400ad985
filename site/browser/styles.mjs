// Rules that name a side of the screen do not turn with the language.
const physical = /(^|[;{\s])((margin|padding|border)-(left|right)|left|right|border-(top|bottom)-(left|right)-radius)\s*:|(text-align|float|clear)\s*:\s*(left|right)\b/g;

// sides returns the rules of the style sheets that name one, but for those in
// a rule for one direction ([dir=ltr], :dir(ltr)) and for numbers (.num), which
// are aligned at the right in both.
export async function sides(urls) {
  const faults = [];
  for (const url of urls) {
    const css = (await (await fetch(url)).text()).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const rule of css.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
      if (/dir\s*(=|\()\s*"?(ltr|rtl)/.test(rule[1]) || /\.num\b/.test(rule[1])) continue;
      for (const m of rule[2].matchAll(physical)) faults.push(`${rule[1].trim().slice(0, 40)} { ${m[0].trim()} }`);
    }
  }
  return faults;
}

// schemes returns what the style sheets change with the scheme of colours that
// is no colour, or shadow: pages are looked at as a whole in the light one alone.
export async function schemes(urls) {
  const faults = [];
  let changed = 0;
  for (const url of urls) {
    const css = (await (await fetch(url)).text()).replace(/\/\*[\s\S]*?\*\//g, '');
    for (const block of css.matchAll(/@media[^{]*prefers-color-scheme[^{]*\{((?:[^{}]*\{[^{}]*\})*)/g)) {
      for (const rule of block[1].matchAll(/\{([^{}]*)\}/g)) {
        for (const declared of rule[1].split(';').map((d) => d.trim()).filter(Boolean)) {
          changed++;
          if (!/^(--shadow\s*:.*|[\w-]+\s*:\s*(#[0-9a-f]{3,8}|dark|rgba?\([^()]*\)))$/i.test(declared)) faults.push(declared);
        }
      }
    }
  }
  return changed > 0 || urls.size === 0 ? faults : ['no style sheet has a dark scheme'];
}
