// Keyboard help in the queue: j and k walk up and down, Enter opens (a link does that by itself).
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = [...document.querySelectorAll("[data-queue] a")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement);
  const start = at >= 0 ? at : links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[Math.min(links.length - 1, Math.max(0, start + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
