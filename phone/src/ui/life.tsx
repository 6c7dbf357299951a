/** Danger to life: what helps is a telephone, now. What was saved here helps later. */

import { useEffect, useRef } from "preact/hooks";
import { Button, Note, useHouse } from "./kit";

/** `about`: whom it was saved about. `done`: it was saved, and stays until somebody says that they have rung. */
export function LifePanel({ about, done }: { about?: string; done?: () => void }) {
  const { say } = useHouse();
  const box = useRef<HTMLDivElement>(null);
  // It comes up while somebody answers: below a long list of answers nobody would see it.
  useEffect(() => {
    if (!done) box.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <div ref={box}>
      <Note tone="danger" icon="triangle-alert" title={say("danger_ring")} alert>
        {about && <p>{about}</p>}
        <p>
          <a class="btn btn-danger btn-big" href="tel:120">
            {say("ring_120")}
          </a>
        </p>
        <p>{say("danger_then_office")}</p>
        {done && (
          <>
            <p>{say("saved_ring_now")}</p>
            <p>
              <Button label={say("have_rung")} icon="check" kind="quiet" press={done} />
            </p>
          </>
        )}
      </Note>
    </div>
  );
}
