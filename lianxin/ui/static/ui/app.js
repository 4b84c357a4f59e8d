// Small helps on top of pages that read and send without it. The server alone decides what counts:
// a second tap is harmless there, a draft here is only a kindness.

const sent = new WeakSet();
const dirty = new Set();

// One tap sends once. The button says so, and wakes up again when one comes back to the page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  dirty.delete(form);
  if (form.dataset.draft) keep(form, true);
  const button = event.submitter;
  if (button) {
    button.classList.add("busy");
    button.setAttribute("aria-disabled", "true");
  }
  setTimeout(() => wake(form), 8000);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach(wake);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) wake(form);
});
function wake(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll(".busy")) {
    button.classList.remove("busy");
    button.removeAttribute("aria-disabled");
  }
}

// Typed text survives: a warning before leaving, and a draft of forms that ask for one.
// Drafts live in this tab only and never hold files, passwords, codes or keys. A draft that was sent
// goes with the next page, unless that page says it did not arrive.
const SECRET = /password|hidden|file|checkbox|radio|submit|button/;
const typed = (form) => [...form.elements].filter((e) => e.name && !SECRET.test(e.type) && e.autocomplete !== "one-time-code" && e.autocomplete !== "off");
const place = (form) => `draft:${location.pathname}:${form.dataset.draft}`;

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || form.method !== "post") return;
  dirty.add(form);
  if (form.dataset.draft) keep(form);
});
function keep(form, isSent = false) {
  const values = Object.fromEntries(typed(form).filter((e) => e.value !== e.defaultValue).map((e) => [e.name, e.value]));
  store(place(form), { values, isSent });
}
function store(name, draft) {
  try {
    sessionStorage.setItem(name, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the warning before leaving still stands.
  }
}
function drafts() {
  try {
    return Object.keys(sessionStorage).filter((name) => name.startsWith("draft:")).map((name) => [name, JSON.parse(sessionStorage.getItem(name))]);
  } catch {
    return [];
  }
}
const didNotArrive = document.querySelector("[data-keeps-drafts], .summary");
for (const [name, draft] of drafts()) {
  if (!draft.isSent) continue;
  if (didNotArrive) store(name, { ...draft, isSent: false });
  else sessionStorage.removeItem(name);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const found = drafts().find(([name]) => name === place(form));
  if (found && bring(form, found[1].values)) {
    dirty.add(form);
    const note = document.getElementById("draft-note");
    if (note) form.prepend(note.content.cloneNode(true));
  }
}
function bring(form, values) {
  let brought = false;
  for (const field of typed(form)) {
    // What the server has sent back is newer than the draft.
    if (!values[field.name] || field.value || field.tagName === "SELECT") continue;
    field.value = values[field.name];
    brought = true;
  }
  return brought;
}

window.addEventListener("beforeunload", (event) => {
  const long = [...dirty].some((form) => form.isConnected && !form.dataset.draft && typed(form).some((e) => e.tagName === "TEXTAREA" && e.value.length > 20 && e.value !== e.defaultValue));
  if (long) event.preventDefault();
});

// The network comes and goes; the banner says so.
const banner = document.getElementById("offline");
const network = () => { if (banner) banner.hidden = navigator.onLine; };
addEventListener("online", network);
addEventListener("offline", network);
network();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

if ("serviceWorker" in navigator) {
  addEventListener("load", async () => {
    await navigator.serviceWorker.register("/sw.js").catch(() => {});
    if (!document.querySelector("[data-keep]")) return;
    const files = performance.getEntriesByType("resource").filter((one) => /^(script|link|img|css|other)$/.test(one.initiatorType));
    const own = files.map((one) => one.name).filter((name) => name.startsWith(`${location.origin}/static/`));
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ keep: [...own, location.pathname] });
  });
}
