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
// Drafts live in this tab only, never hold files, passwords, codes or keys, and go once it is sent.
const SECRET = /password|hidden|file|checkbox|radio|submit|button/;
const typed = (form) => [...form.elements].filter((e) => e.name && !SECRET.test(e.type) && e.autocomplete !== "one-time-code" && e.autocomplete !== "off");
const place = (form) => `draft:${location.pathname}:${form.dataset.draft}`;

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form || form.method !== "post") return;
  dirty.add(form);
  if (form.dataset.draft) keep(form);
});
function keep(form) {
  const values = Object.fromEntries(typed(form).filter((e) => e.value !== e.defaultValue).map((e) => [e.name, e.value]));
  try {
    sessionStorage.setItem(place(form), JSON.stringify(values));
  } catch {
    // A full or forbidden store: the warning before leaving still stands.
  }
}
function bring(form) {
  let values;
  try {
    values = JSON.parse(sessionStorage.getItem(place(form)) || "{}");
  } catch {
    return;
  }
  let brought = false;
  for (const field of typed(form)) {
    // What the server has sent back is newer than the draft.
    if (!(field.name in values) || field.value || field.tagName === "SELECT") continue;
    field.value = values[field.name];
    brought ||= Boolean(values[field.name]);
  }
  const note = document.getElementById("draft-note");
  if (brought) {
    dirty.add(form);
    if (note) form.prepend(note.content.cloneNode(true));
  }
}
document.querySelectorAll("form[data-draft]").forEach(bring);

// The page that says “we have it” names the draft it replaces.
for (const done of document.querySelectorAll("[data-draft-done]")) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:") && key.endsWith(`:${done.dataset.draftDone}`)) sessionStorage.removeItem(key);
  }
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
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
