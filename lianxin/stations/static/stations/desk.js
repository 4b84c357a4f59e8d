// A keeper who stands before her station takes the position of her phone for it: her tap, her choice,
// and the numbers stand in the form before she sends it.
const here = document.querySelector("[data-here]");
if (here && "geolocation" in navigator) {
  here.hidden = false;
  here.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = here.closest("form");
        form.elements.latitude.value = coords.latitude.toFixed(6);
        form.elements.longitude.value = coords.longitude.toFixed(6);
        form.querySelector("input[name=datum][value=wgs84]").checked = true;
        here.querySelector("[role=status]").textContent = `± ${Math.round(coords.accuracy)} m`;
      },
      () => { here.querySelector("[role=status]").textContent = here.dataset.failed; },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
