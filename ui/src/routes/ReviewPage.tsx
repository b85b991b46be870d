// The queue, with one item opened.
import { useParams } from "@tanstack/react-router";
import { ReviewRoom } from "@/features/review/ReviewRoom";

export function Page() {
  const { review } = useParams({ strict: false });
  return <ReviewRoom review={review ?? null} />;
}
