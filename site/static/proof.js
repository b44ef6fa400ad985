// Solves the puzzle of a form beside the page: a number is wanted so that the
// SHA-256 of the seed, a colon and it begins with so many zero bits. Browsers
// have SHA-256 of their own, but only one slow answer at a time and only over
// HTTPS; the text fits into one block of it here.
const prime = [];
for (let n = 2; prime.length < 64; n++) if (prime.every((p) => n % p)) prime.push(n);
const part = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const round = prime.map((p) => part(Math.cbrt(p)));
const first = prime.slice(0, 8).map((p) => part(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));
const w = new Int32Array(64);

// words puts a text of ASCII, at most 55 letters, into the block.
function words(text) {
  w.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) w[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  w[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  w[15] = text.length * 8;
}

// head returns the first 32 bits of the SHA-256 of a text.
function head(text) {
  words(text);
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    w[i] = (w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = first;
  for (let i = 0; i < 64; i++) {
    const x = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + round[i] + w[i]) | 0;
    const y = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + x) | 0; d = c; c = b; b = a; a = (x + y) | 0;
  }
  return (a + first[0]) | 0;
}

self.onmessage = (e) => {
  const { seed, bits } = e.data;
  let n = 0;
  while (Math.clz32(head(seed + ":" + n)) < bits) n++;
  self.postMessage(String(n));
};
