// The first page.
import { Opening } from "@/features/frame/Opening";

export function Home() {
  return <Opening />;
}
