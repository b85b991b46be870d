// All personas, and the editor of one.
import { EditPersona } from "./EditPersona";
import { Gallery } from "./Gallery";
import { NewPersona } from "./NewPersona";

export interface PersonasRoomProps {
  /** The opened one, from the address; "new" writes another. */
  agent: string | null;
}

export function PersonasRoom({ agent }: PersonasRoomProps) {
  if (agent === null) return <Gallery />;
  if (agent === "new") return <NewPersona />;
  return <EditPersona agent={agent} />;
}
