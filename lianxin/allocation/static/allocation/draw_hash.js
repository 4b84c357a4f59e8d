// Hashes and signatures for checking a draw: SHA-256, SHA-512, Ed25519. Nothing is asked of the
// browser but whole numbers, so it also works in a file opened from a folder, without a network.
(() => {
  "use strict";

  const bytesOf = (text) => new TextEncoder().encode(text);
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

  // The constants of FIPS 180-4 are roots of primes; they are computed rather than copied.
  const primes = (count) => {
    const found = [];
    for (let n = 2; found.length < count; n++) if (found.every((p) => n % p)) found.push(n);
    return found;
  };
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  const K = Int32Array.from(primes(64), (p) => fraction(Math.cbrt(p)));
  const H = Int32Array.from(primes(8), (p) => fraction(Math.sqrt(p)));
  const W = new Int32Array(64);

  function block(state, data, at) {
    for (let t = 0; t < 16; t++, at += 4) W[t] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    for (let t = 16; t < 64; t++) {
      const a = W[t - 15], b = W[t - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      W[t] = (W[t - 16] + s0 + W[t - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  function sha256(data) {
    const state = H.slice();
    const whole = data.length - (data.length % 64);
    for (let at = 0; at < whole; at += 64) block(state, data, at);
    const rest = data.length - whole;
    const tail = new Uint8Array(rest < 56 ? 64 : 128);
    tail.set(data.subarray(whole));
    tail[rest] = 128;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(data.length / 536870912));
    view.setUint32(tail.length - 4, (data.length * 8) >>> 0);
    for (let at = 0; at < tail.length; at += 64) block(state, tail, at);
    const out = new Uint8Array(32);
    for (let t = 0; t < 32; t++) out[t] = state[t >> 2] >>> (24 - 8 * (t & 3));
    return out;
  }

  // From here on numbers are larger than a plain one holds. A browser without BigInt checks
  // everything but the signatures, and the page says so.
  const canSign = typeof BigInt === "function" && typeof BigInt.asUintN === "function";
  const big = (number) => BigInt(number);

  function lazily(make) {
    let made;
    return () => (made === undefined ? (made = make()) : made);
  }

  const numbers512 = lazily(() => {
    const root = (n, k) => {
      // The whole part of the k-th root, by Newton's way down from above.
      let x = big(1) << big(Math.ceil(n.toString(2).length / k) + 1);
      for (;;) {
        let power = big(1);
        for (let t = 1; t < k; t++) power *= x;
        const next = (x * big(k - 1) + n / power) / big(k);
        if (next >= x) return x;
        x = next;
      }
    };
    const low = (n) => BigInt.asUintN(64, n);
    return {
      K: primes(80).map((p) => low(root(big(p) << big(192), 3))),
      H: primes(8).map((p) => low(root(big(p) << big(128), 2))),
    };
  });

  function sha512(data) {
    const { K: k, H: h0 } = numbers512();
    const low = (n) => BigInt.asUintN(64, n);
    const turn = (x, n) => (x >> big(n)) | low(x << big(64 - n));
    const length = data.length + 17 + ((128 - ((data.length + 17) % 128)) % 128);
    const padded = new Uint8Array(length);
    padded.set(data);
    padded[data.length] = 128;
    const view = new DataView(padded.buffer);
    view.setUint32(length - 4, data.length * 8);
    let state = h0.slice();
    for (let at = 0; at < length; at += 128) {
      const w = [];
      for (let t = 0; t < 16; t++) w[t] = (big(view.getUint32(at + 8 * t)) << big(32)) | big(view.getUint32(at + 8 * t + 4));
      for (let t = 16; t < 80; t++) {
        const x = w[t - 15], y = w[t - 2];
        const s0 = turn(x, 1) ^ turn(x, 8) ^ (x >> big(7)), s1 = turn(y, 19) ^ turn(y, 61) ^ (y >> big(6));
        w[t] = low(w[t - 16] + s0 + w[t - 7] + s1);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 80; t++) {
        const t1 = h + (turn(e, 14) ^ turn(e, 18) ^ turn(e, 41)) + ((e & f) ^ (BigInt.asUintN(64, ~e) & g)) + k[t] + w[t];
        const t2 = (turn(a, 28) ^ turn(a, 34) ^ turn(a, 39)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = low(d + t1); d = c; c = b; b = a; a = low(t1 + t2);
      }
      state = [a, b, c, d, e, f, g, h].map((x, t) => low(x + state[t]));
    }
    return unhex(state.map((x) => x.toString(16).padStart(16, "0")).join(""));
  }

  const curve = lazily(() => {
    const P = (big(1) << big(255)) - big(19);
    const L = (big(1) << big(252)) + BigInt("27742317777372353535851937790883648493");
    const mod = (n) => { const r = n % P; return r < big(0) ? r + P : r; };
    const power = (base, exponent) => {
      let result = big(1);
      for (base = mod(base); exponent > big(0); exponent >>= big(1)) {
        if (exponent & big(1)) result = mod(result * base);
        base = mod(base * base);
      }
      return result;
    };
    const inverse = (n) => power(n, P - big(2));
    const D = mod(big(-121665) * inverse(big(121666)));
    const I = power(big(2), (P - big(1)) / big(4));
    const point = (data) => {
      let y = little(data);
      const sign = y >> big(255);
      y &= (big(1) << big(255)) - big(1);
      if (y >= P) return null;
      const square = mod((y * y - big(1)) * inverse(D * y * y + big(1)));
      let x = power(square, (P + big(3)) / big(8));
      if (mod(x * x - square)) x = mod(x * I);
      if (mod(x * x - square) || (x === big(0) && sign)) return null;
      if ((x & big(1)) !== sign) x = P - x;
      return [x, y, big(1), mod(x * y)];
    };
    const add = (p, q) => {
      const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
      const c = mod(big(2) * p[3] * q[3] * D), d = mod(big(2) * p[2] * q[2]);
      const e = b - a, f = d - c, g = d + c, h = b + a;
      return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
    };
    const times = (number, p) => {
      let sum = [big(0), big(1), big(1), big(0)];
      for (; number > big(0); number >>= big(1)) {
        if (number & big(1)) sum = add(sum, p);
        p = add(p, p);
      }
      return sum;
    };
    const y = mod(big(4) * inverse(big(5)));
    const base = point(unlittle(y));
    return { P, L, mod, inverse, point, add, times, base };
  });

  const little = (bytes) => BigInt("0x" + (hex(Array.from(bytes).reverse()) || "0"));
  const unlittle = (n) => unhex(n.toString(16).padStart(64, "0")).reverse();

  /** Say whether a signature over a message was made with the private half of a key (RFC 8032). */
  function signedBy(key, signature, message) {
    if (key.length !== 32 || signature.length !== 64) return false;
    const { P, L, mod, inverse, point, add, times, base } = curve();
    const owner = point(key), scalar = little(signature.subarray(32));
    if (!owner || scalar >= L) return false;
    const told = new Uint8Array(64 + message.length);
    told.set(signature.subarray(0, 32));
    told.set(key, 32);
    told.set(message, 64);
    const number = little(sha512(told)) % L;
    const minus = [P - owner[0], owner[1], big(1), P - owner[3]];
    const sum = add(times(scalar, base), times(number, minus));
    const away = inverse(sum[2]), x = mod(sum[0] * away), y = mod(sum[1] * away);
    return hex(unlittle(y | ((x & big(1)) << big(255)))) === hex(signature.subarray(0, 32));
  }

  globalThis.LianxinHash = { bytesOf, hex, unhex, sha256, sha512, canSign, signedBy };
})();
