// Checks a published draw, written after its description ("The file, for programmers") alone: it
// shares nothing with the service, nor with the Python verifier. Needs draw_hash.js, no network.
(() => {
  "use strict";

  const { bytesOf, hex, unhex, sha256, canSign, signedBy } = globalThis.LianxinHash;
  const FORMAT = "lianxin-draw-1";
  const MINUTE = 60000;
  const CHAIN = { begins: 1692803367, every: 3 };
  const STAGES = [["collecting", "rule"], ["frozen", "frozen"], ["committed", "committed"], ["revealed", "revealed"], ["drawn", "drawn"], ["void", "void"]];
  const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/;
  const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g; // eslint-disable-line no-control-regex

  // A refusal: where (one of a few words the page has sentences for) and what exactly.
  class Misfit extends Error {
    constructor(where, what) {
      super(`${where}: ${what}`);
      this.where = where;
    }
  }
  const need = (holds, where, what) => {
    if (!holds) throw new Misfit(where, what);
  };

  // ---- one way to write, one way to hash

  const own = (object) => Object.keys(object).sort();
  const has = (object, key) => Object.prototype.hasOwnProperty.call(object, key);
  function write(value) {
    if (value === null || value === true || value === false) return String(value);
    if (typeof value === "number") {
      need(Number.isSafeInteger(value) && !Object.is(value, -0), "file", "a number that is not whole");
      return String(value);
    }
    if (typeof value === "string") {
      need(!LONE.test(value), "file", "half a character");
      return JSON.stringify(value);
    }
    if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
    return `{${own(value).map((key) => `${write(key)}:${write(value[key])}`).join(",")}}`;
  }
  const hash = (word, ...parts) => hex(sha256(bytesOf([FORMAT, word, ...parts].join("\n"))));

  function read(bytes, where) {
    let text, told;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      told = JSON.parse(text);
    } catch {
      throw new Misfit(where, "not JSON");
    }
    let again;
    try {
      again = write(told);
    } catch (error) {
      throw error instanceof Misfit ? new Misfit(where, error.message) : new Misfit(where, "too deep");
    }
    need(again === text, where, "not in its canonical form");
    return told;
  }

  // ---- shapes

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  function shape(value, names, where, what) {
    need(isObject(value) && own(value).join(" ") === names.split(" ").sort().join(" "), where, `${what}: other keys`);
    return value;
  }
  function whole(value, least, most, where, what) {
    need(Number.isSafeInteger(value) && value >= least && value <= most, where, what);
    return value;
  }
  function string(value, where, what, form) {
    need(typeof value === "string" && (!form || form.test(value)), where, what);
    return value;
  }
  function list(value, least, most, where, what) {
    need(Array.isArray(value) && value.length >= least && value.length <= most, where, what);
    return value;
  }
  const HEX64 = /^[0-9a-f]{64}$/, UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
  function time(value, where, what) {
    const at = new Date(string(value, where, what, TIME));
    need(!Number.isNaN(at.getTime()) && `${at.toISOString().slice(0, 19)}Z` === value, where, what);
    return at.getTime();
  }
  function bilingual(value, where, what) {
    shape(value, "en zh_Hans", where, what);
    string(value.en, where, what);
    string(value.zh_Hans, where, what);
  }
  const plain = (typed) => typed.normalize("NFC").replace(BLANKS, " ").replace(/^ | $/g, "");

  function unbase(text, where, what) {
    string(text, where, what, /^[A-Za-z0-9_-]*$/);
    let raw;
    try {
      raw = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4));
    } catch {
      throw new Misfit(where, what);
    }
    need(btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") === text, where, what);
    return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  }
  function keyring(value, where) {
    need(isObject(value), where, "keys");
    for (const id of own(value)) {
      string(id, where, "the id of a key", /^[0-9A-Za-z_-]{1,64}$/);
      string(value[id], where, "a key");
    }
    return value;
  }
  function token(value, keys, names, where, what) {
    const parts = string(value, where, what).split(".");
    need(parts.length === 2, where, what);
    const payload = unbase(parts[0], where, what), signature = unbase(parts[1], where, what);
    const told = shape(read(payload, where), names, where, what);
    need(typeof told.key === "string" && has(keys, told.key), where, `${what}: an unknown key`);
    const key = unbase(keys[told.key], where, what);
    need(!canSign || signedBy(key, signature, payload), where, `${what}: not signed with its key`);
    return told;
  }

  // ---- the rule

  function rule(value) {
    const W = "rule";
    shape(value, "draw instead_of least_locks moments most organisation parties places pool public strata title weights", W, "the rule");
    string(value.draw, W, "draw", UUID);
    string(value.pool, W, "pool", UUID);
    if (value.instead_of !== "") string(value.instead_of, W, "instead_of", UUID);
    string(value.title, W, "title");
    string(value.organisation, W, "organisation");
    whole(value.places, 1, 10000000, W, "places");
    whole(value.most, 1, 65535, W, "most");
    list(value.strata, 1, 1000, W, "strata").forEach((one) => bilingual(one, W, "strata"));
    shape(value.weights, "most words", W, "weights");
    whole(value.weights.most, 1, 100, W, "weights");
    bilingual(value.weights.words, W, "weights");
    for (const one of list(value.parties, 3, 9, W, "parties")) {
      shape(one, "as name", W, "a party");
      need(string(one.as, W, "a party") && string(one.name, W, "a party"), W, "a party without a name");
    }
    whole(value.least_locks, 2, value.parties.length, W, "least_locks");
    shape(value.moments, "closes_at commit_until reveal_until known_at", W, "moments");
    const at = {};
    let before = -Infinity;
    for (const name of ["closes_at", "commit_until", "reveal_until", "known_at"]) {
      at[name] = time(value.moments[name], W, name);
      need(at[name] - before >= 10 * MINUTE, W, `${name}: too near the moment before`);
      before = at[name];
    }
    named(value.public, at.known_at);
    return at;
  }
  function named(value, known) {
    const W = "rule", what = "the public value";
    const more = { drand: " round", numbers: " issue balls", figures: " figures decimals" };
    need(isObject(value) && typeof value.kind === "string" && has(more, value.kind), W, what);
    shape(value, `kind link name${more[value.kind]}`, W, what);
    bilingual(value.name, W, what);
    string(value.link, W, what);
    if (value.kind === "drand") {
      const right = Math.ceil((known / 1000 - CHAIN.begins) / CHAIN.every) + 1;
      need(whole(value.round, 1, 1000000000000, W, what) === right, W, "another round than the moment says");
    } else if (value.kind === "numbers") {
      string(value.issue, W, what);
      for (const one of list(value.balls, 1, 20, W, what)) {
        shape(one, "count least most rising", W, what);
        need(typeof one.rising === "boolean", W, what);
        whole(one.count, 1, 100, W, what);
        whole(one.least, 0, 1000000, W, what);
        whole(one.most, one.least, 1000000, W, what);
      }
    } else {
      whole(value.decimals, 0, 6, W, what);
      list(value.figures, 1, 20, W, what).forEach((one) => bilingual(one, W, what));
    }
  }

  // ---- statements: each signed, each over the one before

  function statements(file) {
    const W = "signatures", keys = keyring(file.keys, W), used = new Set();
    const there = STAGES.filter(([, part]) => file[part] !== null);
    const running = there.filter(([stage]) => stage !== "void");
    need(running.length && running.every(([stage], at) => stage === STAGES[at][0]), "file", "a stage is missing");
    need(file.void === null || file.drawn === null, "file", "drawn and void at once");
    list(file.statements, there.length, there.length, W, "their number");
    let before = "", last = -Infinity;
    there.forEach(([stage, part], number) => {
      const told = token(file.statements[number], keys, "at before draw hash key stage t", W, stage);
      need(told.t === "draw" && told.stage === stage && told.draw === file.rule.draw, W, `${stage}: about another thing`);
      need(told.before === before, W, `${stage}: does not follow the one before`);
      need(told.hash === hash("section", stage, write(file[part])), W, `${stage}: the file says something else`);
      need(stage === "collecting" || told.at === file[part].at, W, `${stage}: of another time`);
      const at = time(told.at, W, stage);
      need(at >= last, W, `${stage}: older than the one before`);
      if (stage === "collecting") need(at < time(file.rule.moments.closes_at, W, stage), "rule", "published too late");
      before = hash("token", file.statements[number]);
      last = at;
      used.add(told.key);
    });
    need(own(keys).length === used.size && own(keys).every((id) => used.has(id)), W, "keys that signed nothing");
  }

  // ---- the list

  const leaf = (row) => sha256(bytesOf(`\0${row[0]} ${row[1]} ${row[2]} ${row[3]}`));
  function join(left, right) {
    const both = new Uint8Array(65);
    both[0] = 1;
    both.set(left, 1);
    both.set(right, 33);
    return sha256(both);
  }
  function root(rows) {
    // The subtrees that are whole, the largest first, as one counts in twos (RFC 6962).
    const peaks = [];
    rows.forEach((row, number) => {
      let top = leaf(row);
      for (let n = number; n & 1; n >>= 1) top = join(peaks.pop(), top);
      peaks.push(top);
    });
    let top = peaks.pop();
    while (peaks.length) top = join(peaks.pop(), top);
    return hex(top);
  }
  function fixed(file, at) {
    const W = "list", told = shape(file.frozen, "at count root seal", W, "frozen"), when = time(told.at, W, "at");
    need(when >= at.closes_at && when < at.commit_until, W, "fixed at another time");
    let before = "";
    list(file.rows, 1, 10000000, W, "rows").forEach((row, number) => {
      const what = `row ${number}`;
      list(row, 4, 4, W, what);
      need(string(row[0], W, what, HEX64) > before, W, `${what}: out of order, or there twice`);
      before = row[0];
      whole(row[1], 0, file.rule.strata.length - 1, W, `${what}: stratum`);
      whole(row[2], 1, file.rule.weights.most, W, `${what}: weight`);
      whole(row[3], 1, file.rule.most, W, `${what}: size`);
    });
    need(told.count === file.rows.length, W, "their number");
    need(root(file.rows) === told.root, W, "does not come to its root");
    need(hash("seal", hash("rule", write(file.rule)), told.root) === told.seal, W, "rule and list do not come to their seal");
    return when;
  }

  // ---- locks and secrets

  function locks(file, at, since) {
    const W = "locks", count = file.rule.parties.length;
    const told = shape(file.committed, "at locks", W, "committed");
    need(time(told.at, W, "at") >= at.commit_until, W, "closed too early");
    const made = list(told.locks, count, count, W, "their number").filter((one) => one !== null);
    for (const one of made) {
      string(shape(one, "at hash", W, "a lock").hash, W, "a lock", HEX64);
      const when = time(one.at, W, "a lock");
      need(when >= since && when < at.commit_until, W, "a lock of another time");
    }
    need(new Set(made.map((one) => one.hash)).size === made.length, W, "two are the same");
    need(made.length >= file.rule.least_locks, W, "too few");
  }
  function secrets(file, at) {
    const W = "secrets", made = file.committed.locks;
    const told = shape(file.revealed, "at opened withdrawn", W, "revealed"), when = time(told.at, W, "at");
    need(when >= at.reveal_until, W, "closed too early");
    list(told.opened, made.length, made.length, W, "their number");
    const entries = told.opened.map((said, number) => {
      const lock = made[number], what = `secret ${number + 1}`;
      if (said === null) return lock ? "silent" : "absent";
      need(lock !== null, W, `${what}: was never locked`);
      const secret = string(shape(said, "at secret", W, what).secret, W, what), length = Array.from(secret).length;
      need(length >= 20 && length <= 200 && plain(secret) === secret, W, `${what}: written oddly`);
      const opened = time(said.at, W, what);
      need(opened >= at.commit_until && opened < at.reveal_until, W, `${what}: of another time`);
      need(lockOf(file.frozen.seal, number + 1, secret) === lock.hash, W, `${what}: does not open its lock`);
      return `said ${secret}`;
    });
    const gone = list(told.withdrawn, 0, 10000000, "list", "withdrawn"), lines = new Set(file.rows.map((row) => row[0]));
    gone.forEach((line, number) => {
      string(line, "list", "withdrawn");
      need(number === 0 || line > gone[number - 1], "list", "withdrawn: out of order");
      need(lines.has(line), "list", "withdrawn: a line that is not there");
    });
    need(!gone.length || when < at.known_at, "list", "withdrawn: fixed when the value could be known");
    return entries;
  }
  const lockOf = (seal, number, secret) => hash("lock", seal, String(number), secret);

  // ---- the value, and what follows from it

  function value(file, at) {
    const W = "value", told = shape(file.drawn, "at proof read seed value won", W, "drawn"), when = time(told.at, W, "at");
    string(told.value, W, "value");
    string(told.proof, W, "proof");
    const { public: named } = file.rule;
    if (named.kind === "drand") {
      need(/^[0-9a-f]{96}$/.test(told.proof), W, "no signature of the beacon");
      need(hex(sha256(unhex(told.proof))) === told.value, W, "not the hash of its signature");
    } else {
      need(told.proof === "" && /^(0|[1-9][0-9]{0,14})( (0|[1-9][0-9]{0,14}))*$/.test(told.value), W, "not numbers in their one form");
      let numbers = told.value.split(" ").map(Number);
      if (named.kind === "figures") need(numbers.length === named.figures.length, W, "more or fewer figures");
      else {
        for (const { count, least, most, rising } of named.balls) {
          const balls = numbers.slice(0, count);
          numbers = numbers.slice(count);
          need(balls.length === count && new Set(balls).size === count, W, "a ball is missing, or there twice");
          need(balls.every((ball, n) => ball >= least && ball <= most && (!rising || n === 0 || ball > balls[n - 1])), W, "no such ball, or out of order");
        }
        need(!numbers.length, W, "too many balls");
      }
    }
    for (const one of list(told.read, 2, 100, W, "not read twice")) {
      shape(one, "at by from", W, "a reading");
      need(one.by === "person" || one.by === "machine", W, "a reading");
      string(one.from, W, "a reading");
      const read = time(one.at, W, "a reading");
      need(read >= at.known_at && read <= when, W, "read at another time");
    }
    return told.value;
  }
  function result(file, entries, known) {
    const W = "result", { rows } = file, gone = file.revealed.withdrawn;
    const seed = hash("seed", file.frozen.seal, ...entries, hash("withdrawn", ...gone), known);
    need(seed === file.drawn.seed, W, "the seed is another");
    const out = new Set(gone), least = rows.map((row) => {
      let first = "g";
      for (let j = 1; j <= row[2]; j++) {
        const ticket = hash("ticket", seed, row[0], String(j));
        if (ticket < first) first = ticket;
      }
      return first;
    });
    const order = rows.map((_, n) => n).filter((n) => !out.has(rows[n][0]));
    order.sort((a, b) => rows[a][1] - rows[b][1] || (least[a] < least[b] ? -1 : least[a] > least[b] ? 1 : a - b));
    let left = file.rule.places;
    const won = order.filter((n) => rows[n][3] <= left && ((left -= rows[n][3]), true));
    shape(file.result, "order won", W, "result");
    need(write(file.result.order) === write(order), W, "the order is another");
    need(write(file.result.won) === write(won), W, "others have won");
    need(file.drawn.won === won.length, W, "how many won");
  }
  function ended(file, at) {
    const W = "void", told = shape(file.void, "at reason words", W, "void"), when = time(told.at, W, "at");
    string(told.words, W, "words");
    need(["declared", "late", "few", "empty", "called_off"].includes(told.reason), W, "reason");
    const inTime = when < at.reveal_until || when >= at.known_at + 14 * 24 * 60 * MINUTE;
    need(told.reason !== "declared" || inTime, W, "declared when the result was certain already");
  }

  /** Check the bytes of a file; return what it says, or throw a Misfit. */
  function verify(bytes, key) {
    const file = shape(read(bytes, "file"), "committed drawn format frozen keys result revealed rows rule statements void", "file", "the file");
    need(file.format === FORMAT, "file", "another format");
    const keys = keyring(file.keys, "signatures");
    need(!key || own(keys).every((id) => keys[id] === key), "signatures", "signed with another key");
    const at = rule(file.rule);
    statements(file);
    need((file.frozen === null) === (file.rows === null), "file", "rows");
    need((file.drawn === null) === (file.result === null), "file", "result");
    const since = file.frozen === null ? 0 : fixed(file, at);
    if (file.committed !== null) locks(file, at, since);
    const entries = file.revealed === null ? [] : secrets(file, at);
    if (file.drawn !== null) result(file, entries, value(file, at));
    if (file.void !== null) ended(file, at);
    return file;
  }

  globalThis.LianxinDraw = { Misfit, verify, canSign, hash, lockOf, plain, write, read, shape, string, whole, list, time, token, keyring, need, leaf, join, has, HEX64, UUID };
})();
