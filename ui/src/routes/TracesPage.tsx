// Runs, with one opened and a span in it chosen.
import { useParams, useSearch } from "@tanstack/react-router";
import { TracesRoom } from "@/features/traces/TracesRoom";

export function Page() {
  const { trace } = useParams({ strict: false });
  const { span } = useSearch({ strict: false }) as { span?: string };
  return <TracesRoom trace={trace ?? null} span={span ?? null} />;
}
