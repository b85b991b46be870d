// Personas, with one opened; the address new writes another one.
import { useParams } from "@tanstack/react-router";
import { PersonasRoom } from "@/features/personas/PersonasRoom";

export function Page() {
  const { agent } = useParams({ strict: false });
  return <PersonasRoom agent={agent ?? null} />;
}
