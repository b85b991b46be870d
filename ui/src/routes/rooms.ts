// Every address inside the console and the page behind it. `{-$name}` may be left out; the room stays where it is then.
import { at } from "@/shared/addresses";
import { lazyPage } from "@/shared/layout/lazyPage";

/** What shows first comes first. */
const QUIET_MS = 3_000;

export const ROOM_ROUTES = [
  { path: "/", page: lazyPage(() => import("./HomePage")) },
  { path: at.welcome, page: lazyPage(() => import("./WelcomePage")) },
  { path: "/review/{-$review}", page: lazyPage(() => import("./ReviewPage")) },
  { path: "/campaigns", page: lazyPage(() => import("./CampaignsPage")) },
  { path: "/campaigns/new", page: lazyPage(() => import("./ComposerPage")) },
  { path: "/campaigns/$campaign", page: lazyPage(() => import("./CampaignPage")) },
  { path: "/campaigns/$campaign/plan", page: lazyPage(() => import("./ComposerPage")) },
  { path: "/personas/{-$agent}", page: lazyPage(() => import("./PersonasPage")) },
  { path: "/content", page: lazyPage(() => import("./ContentPage")) },
  { path: at.trends, page: lazyPage(() => import("./TrendsPage")) },
  { path: "/network/{-$post}", page: lazyPage(() => import("./NetworkPage")) },
  { path: "/fleet", page: lazyPage(() => import("./FleetPage")) },
  { path: "/traces/{-$trace}", page: lazyPage(() => import("./TracesPage")) },
  { path: "/incidents", page: lazyPage(() => import("./IncidentsPage")) },
  { path: "/audit", page: lazyPage(() => import("./AuditPage")) },
  { path: "/connections", page: lazyPage(() => import("./ConnectionsPage")) },
  { path: "/policies", page: lazyPage(() => import("./PoliciesPage")) },
  { path: "/settings", page: lazyPage(() => import("./SettingsPage")) },
] as const;

/** Brings all rooms here while nothing else is to do, so that going there needs no line. Returns what calls it off. */
export function bringRooms(): () => void {
  const handle = setTimeout(async () => {
    for (const { page } of ROOM_ROUTES) await page.preload();
  }, QUIET_MS);
  return () => clearTimeout(handle);
}
