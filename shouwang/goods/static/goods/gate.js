/* The gate: a scanner types into the field wherever the focus is; a phone's camera reads codes where the browser can.
   "All" ticks and clears the list. Without this script everything still works. */
(() => {
  "use strict";
  const field = document.querySelector("[data-scan]");
  if (field) {
    document.addEventListener("keydown", (event) => {
      const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (typed && !event.target.closest("input, textarea, select, dialog, [contenteditable]")) field.focus();
    }, true);
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-all]")) return;
    for (const tick of event.target.closest("table").querySelectorAll('input[name="parcel"]')) tick.checked = event.target.checked;
  });

  const button = document.querySelector("[data-camera]");
  const view = document.querySelector("[data-camera-view]");
  if (!button || !view || !("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return;
  button.hidden = false;
  let stream = null;
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    view.hidden = true;
  };
  const look = async (detector) => {
    if (!stream) return;
    const found = await detector.detect(view).catch(() => []);
    if (found.length) {
      field.value = found[0].rawValue;
      stop();
      field.form.requestSubmit();
      return;
    }
    setTimeout(() => look(detector), 150);
  };
  button.addEventListener("click", async () => {
    if (stream) {
      stop();
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      button.hidden = true;
      return;
    }
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    look(new window.BarcodeDetector());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stop();
  });
})();
