// Above what was read before the line went down: says since when, and when the next try is. Nothing while it stands.
import { reconnect, useLive } from "@/ipc/live";
import { OfflineState } from "./States";

export function OfflineNote() {
  const connection = useLive((live) => live.connection);
  if (connection.state !== "offline") return null;
  const { since, retryAt, waitMs } = connection;
  return (
    <div className="flex-none border-line border-b p-2.5">
      <OfflineState since={since} retryAt={retryAt} waitMs={waitMs} onTry={reconnect} />
    </div>
  );
}
