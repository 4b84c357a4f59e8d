// At a kiosk: a countdown one can see. A touch starts it anew; at its end the session is finished.

const strip = document.querySelector("[data-kiosk-idle]");
if (strip) {
  const whole = Number(strip.dataset.kioskIdle);
  const left = strip.querySelector("[data-kiosk-left]");
  const form = strip.querySelector("form");
  let until = Date.now() + whole * 1000;
  let told = Date.now();
  const touched = () => {
    until = Date.now() + whole * 1000;
    if (Date.now() - told < 15000) return;
    told = Date.now();
    fetch(strip.dataset.kioskHere, { method: "POST", body: new FormData(form) });
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, touched, { passive: true });
  setInterval(() => {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    if (left) left.textContent = seconds;
    if (seconds === 0) form.submit();
  }, 1000);
}
