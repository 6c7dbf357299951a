/** What is set on this phone: language, letters, who uses it, whether it is ready for work without a signal. */

import { useEffect, useState } from "preact/hooks";
import { LANGUAGES } from "../words";
import { Frame } from "./frame";
import { Button, Choices, Note, useHouse } from "./kit";
import { StorageWarning } from "./outbox";

const NAMES = { "zh-hans": "简体中文", "zh-hant": "繁體中文", en: "English" };

export function Menu() {
  const { phone, way, say } = useHouse();
  const [large, enlarge] = useState(document.documentElement.dataset.mode === "elder");
  const setLarge = (on: boolean) => {
    const mode = on ? "elder" : "usual";
    localStorage.setItem("mode", mode);
    document.documentElement.dataset.mode = mode;
    enlarge(on);
  };
  const speakIn = (language: string) => {
    localStorage.setItem("language", language);
    location.reload();
  };
  return (
    <Frame title={say("menu")}>
      <p>{say("this_is", { name: phone.user?.name ?? "" })}</p>
      <Ready />
      <StorageWarning />
      <Choices
        label={say("language")}
        name="language"
        choices={LANGUAGES.map(value => ({ value, label: NAMES[value] }))}
        chosen={[phone.words.language]}
        choose={speakIn}
      />
      <Choices
        label={say("letters")}
        name="letters"
        choices={[
          { value: "usual", label: say("letters_usual") },
          { value: "elder", label: say("letters_large") },
        ]}
        chosen={[large ? "elder" : "usual"]}
        choose={value => setLarge(value === "elder")}
      />
      <Button
        label={say("another_user")}
        icon="user-plus"
        kind="quiet"
        press={() => {
          way.reset();
          phone.lock();
        }}
      />
      <p>
        <a href="/field/">{say("simple_pages")}</a>
      </p>
    </Frame>
  );
}

/** Whether it will start without a signal: its own parts are here. */
function Ready() {
  const { say } = useHouse();
  const [ready, set] = useState<boolean | null>(null);
  useEffect(() => {
    const worker = navigator.serviceWorker;
    if (!worker) return set(false);
    void worker.getRegistration().then(found => set(Boolean(found?.active)));
  }, []);
  if (ready === null) return null;
  return ready ? (
    <Note tone="calm" icon="shield-check" title={say("ready_offline")} />
  ) : (
    <Note tone="need" icon="cloud-off" title={say("not_ready_offline")} />
  );
}
