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

  /* What was ticked stays ticked when the list renews itself. */
  const ticked = new Map();
  document.addEventListener("change", (event) => {
    const all = event.target.matches("[data-all]");
    if (!all && event.target.name !== "parcel") return;
    const ticks = all ? event.target.closest("table").querySelectorAll('input[name="parcel"]') : [event.target];
    for (const tick of ticks) {
      tick.checked = event.target.checked;
      ticked.set(tick.value, tick.checked);
    }
  });
  document.addEventListener("shouwang:renewed", () => {
    for (const tick of document.querySelectorAll('input[name="parcel"]')) {
      if (ticked.has(tick.value)) tick.checked = ticked.get(tick.value);
    }
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
