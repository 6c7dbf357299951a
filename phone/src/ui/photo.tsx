/** A photo from the camera or the album, made small at once. */

import { useState } from "preact/hooks";
import { smallPhoto } from "../scan/photo";
import type { Key } from "../words";
import { useHouse } from "./kit";

interface PhotoFieldProps {
  hint: Key;
  photo: string;
  take: (photo: string) => void;
}

export function PhotoField({ hint, photo, take }: PhotoFieldProps) {
  const { say } = useHouse();
  const [bad, setBad] = useState(false);
  const chosen = async (event: Event) => {
    const file = (event.target as HTMLInputElement).files?.[0];
    const small = file ? await smallPhoto(file) : "";
    setBad(small === null);
    take(small ?? "");
  };
  return (
    <div class="field">
      <label for="photo">{say("photo")}</label>
      <p class="hint">{say(hint)}</p>
      {bad && (
        <p class="field-error" role="alert">
          {say("photo_bad")}
        </p>
      )}
      <input id="photo" class="input" type="file" accept="image/*" capture="environment" onChange={chosen} />
      {photo && <img class="photo" src={`data:image/jpeg;base64,${photo}`} alt={say("photo")} />}
    </div>
  );
}
