// The page that checks a draw: reads the files one chooses, or fetches the one this page is about,
// and says what came out. Words stand in the page; nothing is sent anywhere.
(() => {
  "use strict";

  const place = document.querySelector("[data-draw-check]");
  const said = document.querySelector("template[data-draw-words]");
  if (!place || !said) return;
  const words = said.dataset;
  const draw = globalThis.LianxinDraw;
  const report = place.querySelector("[data-draw-report]");
  const [fileInput, receiptInput, keyInput] = ["file", "receipt", "key"].map((name) => place.querySelector(`[data-draw-${name}]`));
  let fetched = null;
  place.hidden = false;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const sentence = (where) => words[`w${where[0].toUpperCase()}${where.slice(1)}`] || words.wFile;

  function verdict(text, isGood) {
    report.append(element("p", text, isGood ? "verdict yes" : "verdict"));
  }
  function facts(pairs) {
    const list = element("dl", "", "facts");
    for (const [term, told, link] of pairs) {
      const told_ = element("dd", link ? "" : String(told));
      if (link) {
        const anchor = element("a", String(told));
        if (/^https:\/\//.test(link)) anchor.href = link;
        anchor.rel = "noopener noreferrer";
        told_.append(anchor);
      }
      list.append(element("dt", term), told_);
    }
    report.append(list);
  }

  const bytesOf = (input) => (input.files[0] ? input.files[0].arrayBuffer().then((buffer) => new Uint8Array(buffer)) : null);

  async function check() {
    const [data, own] = [(await bytesOf(fileInput)) || fetched, await bytesOf(receiptInput)];
    if (!data && !own) return;
    report.replaceChildren(element("p", words.working));
    // Let the word be painted before the computing begins.
    await new Promise((done) => setTimeout(done, 30));
    report.replaceChildren();
    const key = keyInput.value.trim() || undefined;
    try {
      const file = data && draw.verify(data, key);
      const mine = own && draw.receipt(own, key);
      const found = file && mine && draw.find(file, mine);
      if (file) show(file);
      if (mine) showOwn(mine, found);
      if (!draw.canSign) report.append(element("p", words.unsigned));
    } catch (error) {
      report.replaceChildren();
      verdict(`${words.misfit} ${error instanceof draw.Misfit ? sentence(error.where) : words.unread}`, false);
      report.append(element("p", error.message, "note code-line"));
    }
  }
  function show(file) {
    verdict(file.void ? words.void : file.drawn ? words.fits : words.soFar, true);
    const language = document.documentElement.lang.startsWith("en") ? "en" : "zh_Hans";
    const pairs = [[file.rule.organisation, file.rule.title]];
    if (file.frozen) pairs.push([words.applications, file.frozen.count], [words.seal, file.frozen.seal]);
    if (file.drawn) pairs.push([words.value, `${file.rule.public.name[language]}: ${file.drawn.value}`], [words.source, file.rule.public.link, file.rule.public.link], [words.won, file.drawn.won]);
    for (const id of Object.keys(file.keys)) pairs.push([words.key, file.keys[id]]);
    facts(pairs);
  }
  function showOwn(mine, found) {
    const pairs = [[words.line, mine.line]];
    if (found && found.place) pairs.push([words.place, found.place]);
    if (found && found.rank) pairs.push([words.rank, found.rank]);
    facts(pairs);
    if (!found || !found.place) report.append(element("p", words.alone));
    else if (found.isWithdrawn) report.append(element("p", words.back));
    else if (found.rank) verdict(found.hasWon ? words.got : `${words.waits} ${found.waits}`, true);
  }

  for (const input of [fileInput, receiptInput]) input.addEventListener("change", check);
  keyInput.addEventListener("change", check);
  const button = place.querySelector("[data-draw-fetch]");
  if (button)
    button.addEventListener("click", async () => {
      try {
        const answer = await fetch(button.dataset.drawFetch);
        if (!answer.ok) throw new Error(String(answer.status));
        fetched = new Uint8Array(await answer.arrayBuffer());
        fileInput.value = "";
        await check();
      } catch (error) {
        report.replaceChildren();
        verdict(words.unread, false);
        report.append(element("p", error.message, "note"));
      }
    });
})();
