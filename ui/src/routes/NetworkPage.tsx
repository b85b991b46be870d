// The sandbox network, or one post in it with its replies.
import { useParams } from "@tanstack/react-router";
import { NetworkRoom } from "@/features/network/NetworkRoom";

export function Page() {
  const { post } = useParams({ strict: false });
  return <NetworkRoom post={post ?? null} />;
}
