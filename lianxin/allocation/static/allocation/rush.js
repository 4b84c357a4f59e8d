// Asks for a place and does not let go: the same form, the same key, again and again until there is
// an answer, however shaky the network. The server takes it once. Without this script the form is
// sent like any other.

const form = document.querySelector("form[data-rush]");
const button = form.querySelector("button.primary");
const words = document.querySelector("[data-rush-words]").dataset;
const asking = form.querySelector("[data-asking]");
const countdown = form.querySelector("[data-countdown]");
const sentence = document.querySelector("[data-sentence]");
const reload = form.querySelector("[data-reload]");
const STORE = `rush:${form.action.split("?")[0]}`;
const TYPED = `${STORE}:typed`;
const TYPED_FOR = 30 * 60_000;
// What is kept is kept for one account, and where strangers follow one another nothing is.
const WHOSE = form.dataset.whose;
const IS_SHARED = Boolean(document.querySelector("[data-kiosk-idle]"));
const PATIENCE = 8000;
const PAUSES = [300, 600, 1200, 2500, 4000];
const opens = form.dataset.opens * 1000;
const closes = form.dataset.closes * 1000;
// The clock of a phone may be minutes off; the server's is what counts.
const ahead = form.dataset.now * 1000 - Date.now();
const now = () => Date.now() + ahead;
let isAsking = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.reportValidity()) return;
  const body = new URLSearchParams(new FormData(form)).toString();
  const sent = { body, action: form.action, until: Math.min(closes, now() + 10 * 60_000) };
  write(STORE, sent);
  ask(sent);
}, true);

others_forget();
typed_restore();
// A page that was reloaded in the middle goes on with what was sent.
const before = read(STORE);
if (before && before.until > now()) ask(before);
else forget(STORE);

async function ask(sent) {
  if (isAsking) return;
  isAsking = true;
  button.classList.add("busy");
  button.setAttribute("aria-disabled", "true");
  say(words.asking);
  for (let turn = 0; now() < sent.until; turn++) {
    const answer = await once(sent);
    if (answer?.url) {
      forget(STORE);
      location.assign(answer.url);
      return;
    }
    if (answer) return stop(answer.words, answer.isStale);
    say(navigator.onLine ? words.again : words.offline);
    await pause(turn);
  }
  stop(words.stuck);
}

// Null where there was no answer; what was refused is an answer. A page in place of an answer (who
// sent it is no longer known) comes to the same however often it is asked: it must be loaded anew.
async function once(sent) {
  const breaker = new AbortController();
  const timer = setTimeout(() => breaker.abort(), PATIENCE);
  try {
    const answer = await fetch(sent.action, {
      method: "POST",
      body: sent.body,
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      signal: breaker.signal,
    });
    if (answer.redirected) {
      typed_keep();
      return { url: answer.url };
    }
    if (answer.status >= 500 || answer.status === 429) return null;
    if (answer.status >= 400 && !answer.headers.get("Content-Type")?.startsWith("application/json")) {
      typed_keep();
      return { words: words.stale, isStale: true };
    }
    const told = await answer.json();
    if (told.url) forget(TYPED);
    return told;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// Wait a little, each a different while; a network that comes back ends the wait.
function pause(turn) {
  const base = PAUSES[Math.min(turn, PAUSES.length - 1)];
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, base * (0.75 + Math.random() / 2));
    addEventListener("online", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

function stop(text, isStale = false) {
  forget(STORE);
  isAsking = false;
  reload.hidden = !isStale;
  button.classList.remove("busy");
  button.removeAttribute("aria-disabled");
  say(text);
  look();
}

function say(text) {
  asking.querySelector("[data-words]").textContent = text;
  asking.hidden = !text;
}

// Where the store is full, or the browser keeps none, a reload sends nothing by itself.
function write(name, value) {
  if (IS_SHARED) return;
  try {
    sessionStorage.setItem(name, JSON.stringify({ ...value, whose: WHOSE }));
  } catch {}
}
function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}
function forget(name) {
  try {
    sessionStorage.removeItem(name);
  } catch {}
}

// What was kept for whoever used this tab before, at this pool or another.
function others_forget() {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith("rush:") && (IS_SHARED || read(name)?.whose !== WHOSE)) forget(name);
    }
  } catch {}
}

// What was typed outlives the loading of the page, and the signing in, that are asked for; each
// field gets its own back, also among several of one name.
function typed_keep() {
  write(TYPED, { fields: fields().map((one) => [one.name, ...held(one)]), at: Date.now() });
}
function typed_restore() {
  const typed = read(TYPED);
  forget(TYPED);
  if (!typed || Date.now() - typed.at > TYPED_FOR) return;
  const left = [...typed.fields];
  for (const one of fields()) {
    const found = left.findIndex(([name, value]) => name === one.name && (!is_ticked(one) || value === one.value));
    if (found >= 0) put(one, left.splice(found, 1)[0].slice(1));
  }
}
function fields() {
  return [...form.elements].filter((one) => one.name && !["hidden", "file", "submit", "button"].includes(one.type));
}
function is_ticked(one) {
  return ["checkbox", "radio"].includes(one.type);
}
function held(one) {
  if (is_ticked(one)) return [one.value, one.checked];
  return one.type === "select-multiple" ? [[...one.selectedOptions].map((option) => option.value)] : [one.value];
}
function put(one, [value, is_checked]) {
  if (is_ticked(one)) one.checked = is_checked;
  else if (one.type === "select-multiple") for (const option of one.options) option.selected = value.includes(option.value);
  else one.value = value;
}

// How it stands, looked at every few seconds while it may change; never while the page is hidden.
async function look() {
  try {
    const answer = await fetch(form.dataset.state, { headers: { Accept: "application/json" } });
    if (answer.ok && sentence) sentence.textContent = (await answer.json()).sentence;
  } catch {
    // No network: what stands there may be older, and the banner says so.
  }
}
setInterval(() => { if (!document.hidden && !isAsking && now() < closes) look(); }, 5000);

tick();
function tick() {
  const left = Math.ceil((opens - now()) / 1000);
  countdown.hidden = left <= 0;
  button.disabled = left > 0;
  if (left <= 0) return;
  const [days, rest] = [Math.floor(left / 86_400), left % 86_400];
  const clock = new Date(rest * 1000).toISOString().slice(11, 19);
  countdown.textContent = `${words.opensIn} ${days ? `${words.days.replace("N", days)} ` : ""}${clock}`;
  setTimeout(tick, 1000 - (now() % 1000));
}
