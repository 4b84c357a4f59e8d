// For those who watch over a draw: turns a secret into its lock on this device, and keeps the secret
// here if one wants it. Only the lock is ever sent. Needs draw_hash.js.
(() => {
  "use strict";

  const { bytesOf, hex, sha256 } = globalThis.LianxinHash;
  const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g; // eslint-disable-line no-control-regex
  const LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  const plain = (typed) => typed.normalize("NFC").replace(BLANKS, " ").replace(/^ | $/g, "");
  const lockOf = (seal, number, secret) => hex(sha256(bytesOf(["lianxin-draw-1", "lock", seal, number, secret].join("\n"))));

  function madeUp() {
    // 28 letters of 31: 138 bits. What would make some letters likelier is thrown away.
    let made = "";
    while (made.length < 28) {
      for (const byte of crypto.getRandomValues(new Uint8Array(64))) if (byte < 248 && made.length < 28) made += LETTERS[byte % 31];
    }
    return made.match(/.{4}/g).join(" ");
  }
  function store(act) {
    try {
      return act(localStorage);
    } catch {
      return null; // a device that keeps nothing: the paper does
    }
  }

  const place = document.querySelector("[data-secret]");
  if (place) {
    const text = place.querySelector("[data-secret-text]");
    const [sealInput, numberInput] = ["seal", "number"].map((name) => place.querySelector(`[data-secret-${name}]`));
    const lock = document.querySelector("input[name=lock]");
    const keep = place.querySelector("[data-secret-keep]");
    place.hidden = false;
    const compute = () => {
      const secret = plain(text.value), length = Array.from(secret).length;
      const seal = sealInput ? sealInput.value.replace(/\s/g, "").toLowerCase() : place.dataset.seal;
      const number = numberInput ? numberInput.value.trim() : place.dataset.number;
      const fits = length >= 20 && length <= 200 && /^[0-9a-f]{64}$/.test(seal) && /^[1-9]$/.test(number);
      lock.value = fits ? lockOf(seal, number, secret) : "";
    };
    for (const input of [text, sealInput, numberInput]) if (input) input.addEventListener("input", compute);
    place.querySelector("[data-secret-make]").addEventListener("click", () => {
      text.value = madeUp();
      compute();
    });
    if (lock.form && place.dataset.keep)
      lock.form.addEventListener("submit", () => {
        if (keep && keep.checked && lock.value) store((kept) => kept.setItem(place.dataset.keep, plain(text.value)));
      });
  }

  const form = document.querySelector("form[data-secret-open]");
  if (form) {
    const name = form.dataset.secretOpen, kept = store((box) => box.getItem(name)), field = form.elements.secret;
    if (kept && !field.value) {
      field.value = kept;
      document.querySelector("[data-secret-found]").hidden = false;
    }
  }
})();
