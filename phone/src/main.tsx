/** Starts the app in the page that the program serves at /field/app/. */

import { render } from "preact";
import { Server } from "./net/server";
import { Phone } from "./phone";
import { openStore } from "./store/db";
import { App } from "./ui/app";
import { InsideWeChat, NoStorage, NotSecure } from "./ui/places";
import { Way } from "./ui/way";
import { languageFor, wordsIn } from "./words";

const HERE = "/field/app/";

async function begin(root: HTMLElement): Promise<void> {
  const language = languageFor(localStorage.getItem("language"), [
    document.documentElement.lang,
    ...navigator.languages,
  ]);
  document.documentElement.lang = { "zh-hans": "zh-Hans", "zh-hant": "zh-Hant", en: "en" }[language];
  const mode = localStorage.getItem("mode");
  if (mode) document.documentElement.dataset.mode = mode;
  const words = await wordsIn(language, `${HERE}words.json`);
  const show = (page: preact.ComponentChild) => {
    root.textContent = "";
    render(page, root);
  };
  if (/MicroMessenger/i.test(navigator.userAgent)) return show(<InsideWeChat words={words} />);
  if (!isSecureContext || !crypto.subtle) return show(<NotSecure words={words} />);
  const db = await openStore().catch(() => null);
  if (!db) return show(<NoStorage words={words} />);
  const phone = new Phone(db, new Server("/field/phone/"), words);
  const way = new Way();
  way.leaving = () => phone.tell(null);
  await phone.start();
  show(<App phone={phone} way={way} />);
  await keepUpToDate(phone);
}

/** The worker that lets the app start without a signal. A newer one takes over while nobody is in. */
async function keepUpToDate(phone: Phone): Promise<void> {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  const registration = await worker.register(`${HERE}sw.js`).catch(() => null);
  if (!registration) return;
  const takeOver = () => {
    if (phone.who === null) registration.waiting?.postMessage("take over");
  };
  const led = worker.controller !== null;
  worker.addEventListener("controllerchange", () => {
    if (led && phone.who === null) location.reload();
  });
  registration.addEventListener("updatefound", () =>
    registration.installing?.addEventListener("statechange", takeOver),
  );
  phone.listen(takeOver);
  takeOver();
}

const root = document.getElementById("app");
if (root) void begin(root);
