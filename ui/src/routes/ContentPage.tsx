// What went out and what was made.
import { ContentRoom } from "@/features/content/ContentRoom";

export function Page() {
  return <ContentRoom />;
}
