// Measures what a reader on a slow line waits for: 400 kbit/s, 400 ms of delay,
// a processor four times slower. Figures to read, not rules.
export async function speed(browser, base, paths, report) {
  for (const path of paths) {
    const context = await browser.newContext({ viewport: { width: 390, height: 800 } });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto(base + path, { waitUntil: 'load' });
    const t = await page.evaluate(() => new Promise((done) => {
      const seen = { lcp: 0, cls: 0 };
      new PerformanceObserver((l) => { for (const e of l.getEntries()) seen.lcp = e.startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) seen.cls += e.value; }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => done({ fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, ...seen }), 500);
    }));
    report.note(`slow line ${path}: first paint ${(t.fcp / 1000).toFixed(1)} s, largest ${(t.lcp / 1000).toFixed(1)} s, shift ${t.cls.toFixed(3)}`);
    await context.close();
  }
}
