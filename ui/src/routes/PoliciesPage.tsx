// What goes out by itself and what waits for a person.
import { PoliciesRoom } from "@/features/policies/PoliciesRoom";

export function Page() {
  return <PoliciesRoom />;
}
