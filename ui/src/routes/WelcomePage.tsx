// The rest of the first run, without the frame around it.
import { WelcomeRoom } from "@/features/start/WelcomeRoom";

export function Page() {
  return <WelcomeRoom />;
}
