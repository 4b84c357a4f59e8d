// Asks for a place and does not let go: the same form, the same key, again and again until there is
// an answer, however shaky the network. The server takes it once. Without this script the form is
// sent like any other.

const form = document.querySelector("form[data-rush]");
const button = form.querySelector("button.primary");
const words = document.querySelector("[data-rush-words]").dataset;
const asking = form.querySelector("[data-asking]");
const countdown = form.querySelector("[data-countdown]");
const sentence = document.querySelector("[data-sentence]");
const STORE = `rush:${form.action.split("?")[0]}`;
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
  remember(sent);
  ask(sent);
}, true);

// A page that was reloaded in the middle goes on with what was sent.
const before = remembered();
if (before && before.until > now()) ask(before);
else forget();

async function ask(sent) {
  if (isAsking) return;
  isAsking = true;
  button.classList.add("busy");
  button.setAttribute("aria-disabled", "true");
  say(words.asking);
  for (let turn = 0; now() < sent.until; turn++) {
    const answer = await once(sent);
    if (answer?.url) {
      forget();
      location.assign(answer.url);
      return;
    }
    if (answer) return stop(answer.words);
    say(navigator.onLine ? words.again : words.offline);
    await pause(turn);
  }
  stop(words.stuck);
}

// Null where there was no answer; what was refused is an answer.
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
    if (answer.redirected) return { url: answer.url };
    if (answer.status >= 500 || answer.status === 429) return null;
    return await answer.json();
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

function stop(text) {
  forget();
  isAsking = false;
  button.classList.remove("busy");
  button.removeAttribute("aria-disabled");
  say(text);
  look();
}

function say(text) {
  asking.querySelector("[data-words]").textContent = text;
  asking.hidden = !text;
}

function remember(sent) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(sent));
  } catch {
    // A full store: a reload would then send nothing by itself.
  }
}
function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE));
  } catch {
    return null;
  }
}
function forget() {
  sessionStorage.removeItem(STORE);
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
  countdown.textContent = `${words.opensIn} ${days ? `${days} d ` : ""}${clock}`;
  setTimeout(tick, 1000 - (now() % 1000));
}
