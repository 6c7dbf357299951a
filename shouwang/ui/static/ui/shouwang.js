/* Small helpers of every page. No build, no inline code; without it each page still works. */
(() => {
  "use strict";
  const root = document.documentElement;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const words = document.querySelector("#ui-words")?.dataset ?? {};
  root.classList.add("has-js");

  /* htmx carries the CSRF token. */
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });

  /* Refusals come back with their own target; other failures are said in words. A file opened beside is scrolled to. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget")) event.detail.shouldSwap = true;
  });
  const complain = () => {
    const place = document.getElementById("flash");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "note-box note-box-need";
    line.textContent = words.failed;
    place.replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:sendError", complain);
  document.addEventListener("htmx:responseError", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Retarget")) complain();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    if (target.id === "beside" && target.getBoundingClientRect().top > innerHeight * 0.7) target.scrollIntoView();
    if (target.id === "flash") target.scrollIntoView({ block: "nearest" });
  });

  /* Dialogs. */
  const makeDialog = (html) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.append(html);
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    return dialog;
  };
  const fromTemplate = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

  const ask = (question, label, tone) => new Promise((resolve) => {
    const body = fromTemplate("ui-confirm");
    body.querySelector(".question").textContent = question;
    const yes = body.querySelector('[value="yes"]');
    if (label) yes.textContent = label;
    if (tone === "danger") yes.classList.add("btn-danger");
    const dialog = makeDialog(body);
    dialog.setAttribute("aria-label", question);
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });

  document.addEventListener("click", async (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();

    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    if (event.target.closest("[data-print]")) print();

    const asked = event.target.closest("a[data-confirm], button[data-confirm]");
    if (!asked || asked.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(asked.dataset.confirm, asked.dataset.confirmLabel, asked.dataset.tone)) {
      asked.dataset.asked = "yes";
      asked.click();
      delete asked.dataset.asked;
    }
  }, true);

  const copy = async (button) => {
    const source = button.dataset.copy;
    const node = source.startsWith("#") ? document.querySelector(source) : null;
    const text = node ? (node.value ?? node.textContent).trim() : source;
    try {
      await navigator.clipboard.writeText(text);
      say(words.copied, button);
    } catch {
      say(`${words.copyByHand} ${text}`, button);
    }
  };

  /* Said aloud to readers, and shown on the button for a moment. */
  const say = (text, button) => {
    const line = document.getElementById("ui-said");
    if (line) line.textContent = text;
    const label = button?.querySelector("[data-label]");
    if (!label) return;
    const before = label.textContent;
    label.textContent = text;
    setTimeout(() => { label.textContent = before; }, 2200);
  };

  /* A form is sent once; its hidden command_id makes a second arrival harmless. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.dataset.again !== undefined) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const buttons = form.querySelectorAll('button:not([type="button"])');
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; button.classList.add("is-busy"); }), 0);
  });
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll(".is-busy").forEach((button) => { button.disabled = false; button.classList.remove("is-busy"); });
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-sent]");
    if (form) release(form);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form?.requestSubmit();
  });

  /* Live parts: what changed since N? 204 when nothing did. */
  const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  let lostSince = null;
  const connected = (yes) => {
    if (yes) lostSince = null;
    else lostSince ??= clock();
    document.querySelectorAll("[data-connection]").forEach((line) => {
      line.classList.toggle("is-lost", !yes);
      const text = yes ? "" : words.lost.replace("{time}", lostSince);
      if (line.textContent !== text) line.textContent = text;
    });
  };
  const busyIn = (part) => {
    const at = document.activeElement;
    const typing = part.contains(at) && at.matches("input, textarea, select");
    return typing || part.querySelector("dialog[open]") !== null || part.querySelector("form[data-sent]") !== null;
  };
  const replaceInside = (part, html) => {
    const at = part.contains(document.activeElement) ? document.activeElement.id || null : null;
    const scrolled = part.scrollTop;
    part.innerHTML = html;
    window.htmx?.process(part);
    part.scrollTop = scrolled;
    if (at) document.getElementById(at)?.focus({ preventScroll: true });
    part.dispatchEvent(new CustomEvent("shouwang:renewed", { bubbles: true }));
  };
  const watch = (part) => {
    if (part.dataset.watching) return;
    part.dataset.watching = "yes";
    const every = 1000 * Number(part.dataset.every || 5);
    let failures = 0;
    let timer = null;
    const later = () => {
      clearTimeout(timer);
      if (!part.isConnected) return;
      const wait = Math.min(every * 2 ** failures, 60000) * (0.9 + Math.random() * 0.2);
      timer = setTimeout(look, wait);
    };
    const look = async () => {
      if (!part.isConnected) return;
      if (document.hidden || busyIn(part)) return later();
      const url = new URL(part.dataset.liveUrl, location.href);
      url.searchParams.set("after", part.dataset.after || "0");
      try {
        const answer = await fetch(url, { headers: { "X-Live": "1" }, credentials: "same-origin", cache: "no-store", redirect: "manual" });
        if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return location.reload();
        if (!answer.ok) throw new Error(String(answer.status));
        failures = 0;
        connected(true);
        const after = answer.headers.get("X-After");
        const html = answer.status === 204 ? null : await answer.text();
        if (html !== null && busyIn(part)) return later();
        if (html !== null) replaceInside(part, html);
        if (after) part.dataset.after = after;
      } catch {
        failures += 1;
        connected(false);
      }
      return later();
    };
    document.addEventListener("visibilitychange", () => { if (!document.hidden && part.isConnected) { failures = 0; look(); } });
    later();
  };
  const watchAll = () => document.querySelectorAll("[data-live-url]").forEach(watch);
  document.addEventListener("htmx:load", watchAll);

  /* Keys: / goes to the search, j and k walk through a list, Enter opens, ? lists them. */
  const step = (by) => {
    const list = document.querySelector("[data-keys]:hover") ?? document.querySelector("[data-keys]");
    if (!list) return;
    const rows = [...(list.tBodies ? list.tBodies[0].rows : list.children)];
    const at = rows.findIndex((row) => row.classList.contains("is-here"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    rows.forEach((row) => row.classList.toggle("is-here", row === next));
    const link = next?.querySelector("a[href], button");
    link?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable], [role=grid], dialog");
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      "/": () => document.querySelector('[type="search"]')?.focus(),
      "j": () => step(1),
      "k": () => step(-1),
      "?": () => document.getElementById("ui-keys") && makeDialog(fromTemplate("ui-keys")).showModal(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watchAll);
  else watchAll();
})();
