// Look, keys, people.
import { SettingsRoom } from "@/features/settings/SettingsRoom";

export function Page() {
  return <SettingsRoom />;
}
