// A person's own line: her receipt by itself, and where it stands in a file that was checked.
(() => {
  "use strict";

  const { hex, unhex } = globalThis.LianxinHash;
  const { hash, read, shape, string, whole, list, time, token, keyring, need, leaf, join, has, HEX64, UUID } = globalThis.LianxinDraw;
  const W = "receipt";

  /** Check the bytes of a receipt; return what it says, or throw a Misfit. */
  function receipt(bytes, key) {
    const own = shape(read(bytes, W), "claim count draw format index keys line path promise root row salt title", W, "the receipt");
    need(own.format === "lianxin-receipt-1", W, "another format");
    string(own.draw, W, "draw", UUID);
    string(own.claim, W, "claim", UUID);
    string(own.title, W, "title");
    need(hash("line", own.draw, string(own.salt, W, "salt"), own.claim) === own.line, W, "its line is another");
    const keys = keyring(own.keys, W), ids = Object.keys(keys);
    need(ids.length === 1 && (!key || keys[ids[0]] === key), W, "keys");
    const promise = token(own.promise, keys, "applied_at draw key line size t", W, "its promise");
    need(promise.t === "application" && promise.draw === own.draw && promise.line === own.line, W, "its promise is of another line");
    time(promise.applied_at, W, "its promise");
    whole(promise.size, 1, 65535, W, "its promise");
    if (own.row === null) need([own.index, own.path, own.count, own.root].every((one) => one === null), W, "half of it");
    else way(own);
    return own;
  }

  // From the row to the root, as RFC 9162 walks it.
  function way(own) {
    list(own.row, 4, 4, W, "row");
    need(own.row[0] === own.line, W, "its row is another's");
    own.row.slice(1).forEach((number) => whole(number, 0, 65535, W, "row"));
    let at = whole(own.index, 0, 10000000, W, "index");
    let last = whole(own.count, at + 1, 10000000, W, "count") - 1;
    string(own.root, W, "root", HEX64);
    let top = leaf(own.row);
    for (const step of list(own.path, 0, 64, W, "path")) {
      const beside = unhex(string(step, W, "path", HEX64));
      need(last > 0, W, "its way is too long");
      if (at & 1 || at === last) {
        top = join(beside, top);
        while (at && !(at & 1)) {
          at >>= 1;
          last >>= 1;
        }
      } else top = join(top, beside);
      at >>= 1;
      last >>= 1;
    }
    need(last === 0 && hex(top) === own.root, W, "its row does not lead to the root");
  }

  /** Say where a receipt's line stands; `place` and `rank` count from 1. */
  function find(file, own) {
    need(own.draw === file.rule.draw, W, "of another draw");
    for (const id of Object.keys(own.keys)) need(!has(file.keys, id) || file.keys[id] === own.keys[id], W, "another key than the file's");
    if (file.rows === null) return { line: own.line };
    need(own.row === null || own.root === file.frozen.root, W, "of another list");
    const index = file.rows.findIndex((row) => row[0] === own.line);
    need(index >= 0, "missing", "this line is not in the list; the signed promise in the receipt proves it was taken in");
    need(own.row === null || (own.index === index && String(own.row) === String(file.rows[index])), W, "the list says otherwise of this line");
    const found = { line: own.line, place: index + 1 };
    const rank = file.result ? file.result.order.indexOf(index) : -1;
    if (rank < 0) return { ...found, isWithdrawn: file.revealed !== null && file.revealed.withdrawn.includes(own.line) };
    const won = new Set(file.result.won);
    const waits = file.result.order.slice(0, rank).filter((one) => !won.has(one)).length;
    return { ...found, rank: rank + 1, hasWon: won.has(index), waits };
  }

  Object.assign(globalThis.LianxinDraw, { receipt, find });
})();
