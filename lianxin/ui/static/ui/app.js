// Small helps on top of pages that work without it.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
