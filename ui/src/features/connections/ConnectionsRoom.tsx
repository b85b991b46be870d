// The AI provider and its keys, memory, feeds, MCP servers, their tools and what they ask.
import { useTranslation } from "react-i18next";
import { Room } from "@/shared/layout/Room";
import { Feeds } from "./Feeds";
import { Keys } from "./Keys";
import { Memory } from "./Memory";
import { Prices } from "./Prices";
import { Provider } from "./Provider";
import { Questions } from "./questions/Questions";
import { Servers } from "./Servers";

export function ConnectionsRoom() {
  const { t } = useTranslation();
  return (
    <Room title={t("frame.room.connections")}>
      <div className="flex min-h-0 flex-1 flex-col gap-3.5 overflow-y-auto px-5 py-4">
        <Questions />
        <div className="grid flex-none grid-cols-2 items-start gap-3.5">
          <div className="flex min-w-0 flex-col gap-3.5">
            <Provider />
            <Prices />
            <Keys />
          </div>
          <div className="flex min-w-0 flex-col gap-3.5">
            <Feeds />
            <Memory />
            <Servers />
          </div>
        </div>
      </div>
    </Room>
  );
}
