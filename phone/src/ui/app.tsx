/** The one place that knows all screens. */

import { useMemo } from "preact/hooks";
import type { Phone } from "../phone";
import { Ask } from "./ask";
import { EntryScreen } from "./entry";
import { Gate } from "./gate";
import { Hands } from "./hands";
import { Homes } from "./homes";
import { type House, HouseContext, useNews } from "./kit";
import { Menu } from "./menu";
import { Outbox } from "./outbox";
import { TroubleScreen, TubeScreen, WalkInScreen } from "./point";
import { PutRight } from "./put_right";
import { Roster, Rounds } from "./rounds";
import { Run } from "./run";
import { Scan } from "./scan";
import type { Screen, Way } from "./way";
import { CouldNot, Finish, Job, Work } from "./work";

export function App({ phone, way }: { phone: Phone; way: Way }) {
  useNews(phone, way);
  const house = useMemo<House>(() => ({ phone, way, say: phone.say.bind(phone) }), [phone, way]);
  // A new object at each news, so that every screen is drawn from what is true now.
  return (
    <HouseContext.Provider value={{ ...house }}>
      {phone.who ? <Shown screen={way.here} /> : <Gate />}
    </HouseContext.Provider>
  );
}

function Shown({ screen }: { screen: Screen }) {
  switch (screen.at) {
    case "work":
      return <Work />;
    case "job":
      return <Job itemKey={screen.key} />;
    case "finish":
      return <Finish itemKey={screen.key} />;
    case "could_not":
      return <CouldNot itemKey={screen.key} />;
    case "rounds":
      return <Rounds />;
    case "round":
      return <Roster roundId={screen.round} work={screen.work} />;
    case "entry":
      return <EntryScreen roundId={screen.round} entryId={screen.entry} />;
    case "ask":
      return <Ask pending={screen.pending} />;
    case "scan":
      return <Scan roundId={screen.round} />;
    case "tube":
      return <TubeScreen roundId={screen.round} barcode={screen.barcode} />;
    case "walk_in":
      return <WalkInScreen roundId={screen.round} />;
    case "trouble":
      return <TroubleScreen roundId={screen.round} entryId={screen.entry} />;
    case "homes":
      return <Homes left={screen.left} />;
    case "put_right":
      return <PutRight household={screen.household} person={screen.person} />;
    case "hands":
      return <Hands />;
    case "run":
      return <Run runId={screen.run} />;
    case "outbox":
      return <Outbox />;
    case "menu":
      return <Menu />;
  }
}
