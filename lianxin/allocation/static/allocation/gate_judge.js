// Judges a ticket without a network: against the published keys, and against the list a door fetched
// when there was one. Touches no page and asks nobody, so that any page may try it (a test does, with
// thousands of forgeries). Signatures are checked by the browser where it knows Ed25519, else by
// draw_hash.js; where neither can, the list alone decides, and `isUnchecked` says so.
(() => {
  "use strict";

  const LONGEST = 2048;
  const CODE = 8;
  // A place given in the moment a list was written may be missing on it.
  const MARGIN = 60_000;

  function bytes(text) {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error("not base64url");
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    // One byte string has one spelling: what was tampered with in its last bits is no ticket either.
    if (btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") !== text) throw new Error("not base64url");
    return Uint8Array.from(plain, (one) => one.charCodeAt(0));
  }

  // How a signature of this key is checked here; null: not at all.
  async function checkOf(key) {
    try {
      const own = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: key.x }, { name: "Ed25519" }, false, ["verify"]);
      return (signature, payload) => crypto.subtle.verify({ name: "Ed25519" }, own, signature, payload);
    } catch {
      // Many browsers inside of apps, and every page that came without TLS.
      const hash = globalThis.LianxinHash;
      if (!hash?.canSign) return null;
      const raw = bytes(key.x);
      return async (signature, payload) => hash.signedBy(raw, signature, payload);
    }
  }

  /** Make a list ready to be judged by. */
  async function known(list) {
    const claims = new Map(list.claims.map(([id, code, size, used]) => [id, { id, code, size, used }]));
    const codes = new Map([...claims.values()].map((claim) => [claim.code, claim]));
    const keys = new Map();
    for (const key of list.keys) keys.set(key.kid, await checkOf(key));
    return { list, claims, codes, keys, isUnchecked: [...keys.values()].includes(null) };
  }

  const isText = (value) => typeof value === "string";
  function isTicket(said) {
    return said?.v === 1 && said.t === "ticket" && [said.k, said.c, said.p, said.n].every(isText)
      && Number.isInteger(said.z) && said.z > 0 && Array.isArray(said.s) && said.s.every(isText);
  }

  function paperOf(plain) {
    const parts = plain.split(".");
    if (parts.length !== 2 || plain.length > LONGEST) return null;
    try {
      const [payload, signature] = parts.map(bytes);
      const said = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
      return isTicket(said) ? { said, payload, signature } : null;
    } catch {
      return null;
    }
  }

  function byCode(plain, { codes }) {
    const code = plain.toUpperCase().replace(/[OQ]/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V").replace(/[^0-9A-Z]/g, "");
    const claim = codes.get(code);
    if (claim) return { claim, size: claim.size, read: code, name: "" };
    return { fault: code.length === CODE ? "unlisted" : "form", read: plain, isStale: code.length === CODE };
  }

  /**
   * Say what is on a ticket, or why it is none.
   *
   * `size`: for how many it is good here, never more than ticket and list both say. `isNewer`: genuine,
   * but given after the list was written, which therefore says nothing. `isStale`: a list fetched now
   * might say otherwise.
   */
  async function opened(read, has) {
    const plain = read.trim().split("#").pop().trim();
    if (!plain.includes(".")) return byCode(plain, has);
    const paper = paperOf(plain);
    if (!paper) return { fault: "form", read: plain };
    const { said, payload, signature } = paper;
    const check = has.keys.get(said.k);
    if (check === undefined) return { fault: "unknown_key", read: plain, isStale: true };
    if (check && !(await check(signature, payload))) return { fault: "forged", read: plain };
    if (said.p !== has.list.pool) return { fault: "elsewhere", read: plain };
    const name = [said.n, ...said.s].join(" · ");
    const claim = has.claims.get(said.c);
    if (claim) {
      const isMore = said.z > claim.size;
      return { claim, size: Math.min(said.z, claim.size), read: plain, name, isMore, isStale: isMore };
    }
    if (!check || !said.d) return { fault: "unlisted", read: plain, isStale: true };
    if (said.d * 1000 < Date.parse(has.list.at) - MARGIN) return { fault: "gone", read: plain };
    return { claim: { id: said.c, code: "", size: said.z, used: 0 }, size: said.z, read: plain, name, isNewer: true, isStale: true };
  }

  globalThis.LianxinGate = { known, opened };
})();
