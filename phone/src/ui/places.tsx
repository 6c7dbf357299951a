/** Where the app cannot work: inside WeChat, without a secure address, in a browser that is too old. */

import { useState } from "preact/hooks";
import type { Words } from "../words";

interface Props {
  words: Words;
}

const SIMPLE = "/field/";

/** WeChat's own browser: neither installing nor the camera can be counted on there. */
export function InsideWeChat({ words }: Props) {
  const say = words.say.bind(words);
  const [copied, setCopied] = useState(false);
  const address = location.origin + location.pathname;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      getSelection()?.selectAllChildren(document.getElementById("address") ?? document.body);
    }
  };
  return (
    <div class="plain">
      <main class="plain-card" id="main">
        <h1>{say("wechat_title")}</h1>
        <p>{say("wechat_why")}</p>
        <ol class="steps">
          <li>{say("wechat_step_1")}</li>
          <li>{say("wechat_step_2")}</li>
          <li>{say("wechat_step_3")}</li>
        </ol>
        <p class="wrap">
          <code id="address">{address}</code>
        </p>
        <button type="button" class="btn btn-big" onClick={copy}>
          {say("copy_address")}
        </button>
        <p role="status">{copied && <span class="copied">{say("copied")}</span>}</p>
        <p>
          {say("wechat_or")} <a href={SIMPLE}>{say("simple_pages")}</a>
        </p>
      </main>
    </div>
  );
}

/** Plain http on an address of the house's own network: the browser gives no keys and no storage worker there. */
export function NotSecure({ words }: Props) {
  return <Cannot words={words} title="insecure_title" hint="insecure_hint" />;
}

export function NoStorage({ words }: Props) {
  return <Cannot words={words} title="storage_broken" hint="storage_broken_hint" />;
}

function Cannot({
  words,
  title,
  hint,
}: Props & { title: "insecure_title" | "storage_broken"; hint: "insecure_hint" | "storage_broken_hint" }) {
  return (
    <div class="plain">
      <main class="plain-card" id="main">
        <h1>{words.say(title)}</h1>
        <p>{words.say(hint)}</p>
        <a class="btn btn-big" href={SIMPLE}>
          {words.say("simple_pages")}
        </a>
      </main>
    </div>
  );
}
