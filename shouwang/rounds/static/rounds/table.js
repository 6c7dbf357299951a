/* The table: the field always has the focus, so that a scanner can type into it; the tube's count is said aloud where
   the machine has a voice. In a paper sheet Enter goes one row down. Without this script everything still works. */
(() => {
  "use strict";
  const field = document.querySelector(".scan-field");
  const busy = (node) => node?.closest?.("input, textarea, select, button, a, summary, label, dialog, [contenteditable]");

  if (field) {
    field.focus();
    field.select();
    document.addEventListener("click", (event) => {
      if (!busy(event.target)) field.focus();
    });
    /* A scanner types wherever the focus is: letters that nobody asked for belong to the field. */
    document.addEventListener("keydown", (event) => {
      const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (typed && !event.target.closest("input, textarea, select, dialog")) field.focus();
    }, true);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) field.focus();
    });
  }

  /* The voice: on unless somebody turned it off on this machine. */
  const voice = window.speechSynthesis;
  const switcher = document.querySelector("[data-voice]");
  const KEY = "shouwang-table-voice";
  const isOn = () => {
    try {
      return localStorage.getItem(KEY) !== "off";
    } catch {
      return true;
    }
  };
  const say = (words) => {
    if (!voice || !words || !isOn()) return;
    const spoken = new SpeechSynthesisUtterance(words);
    spoken.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-GB";
    voice.cancel();
    voice.speak(spoken);
  };
  if (voice && switcher) {
    switcher.hidden = false;
    switcher.setAttribute("aria-pressed", String(isOn()));
    switcher.addEventListener("click", () => {
      const on = !isOn();
      try {
        localStorage.setItem(KEY, on ? "on" : "off");
      } catch {
        return;
      }
      switcher.setAttribute("aria-pressed", String(on));
      if (!on) voice.cancel();
      field?.focus();
    });
  }
  say(document.querySelector("[data-say]")?.dataset.say);

  /* Said once: opening the page again is no new scan. */
  const url = new URL(location.href);
  if (url.searchParams.has("said")) {
    url.searchParams.delete("said");
    history.replaceState(null, "", url);
  }

  const grid = document.querySelector("[data-grid]");
  grid?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    const column = event.target.name.split("-")[0];
    const cells = [...grid.querySelectorAll(`input[name^="${column}-"]`)];
    const next = cells[cells.indexOf(event.target) + 1];
    const tick = event.target.closest("tr").querySelector(".tick");
    if (column === "tube" && event.target.value.trim() && tick) tick.checked = true;
    (next ?? grid.querySelector(".form-end .btn"))?.focus();
    next?.select?.();
  });
})();
