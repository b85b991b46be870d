// Every address inside the console and the page behind it. `{-$name}` may be left out; the room stays where it is then.
import type { ComponentType } from "react";
import { at } from "@/shared/addresses";

export interface RoomRoute {
  readonly path: string;
  readonly load: () => Promise<{ Page: ComponentType }>;
}

export const ROOM_ROUTES: readonly RoomRoute[] = [
  { path: "/", load: () => import("./HomePage") },
  { path: at.welcome, load: () => import("./WelcomePage") },
  { path: "/review/{-$review}", load: () => import("./ReviewPage") },
  { path: "/campaigns", load: () => import("./CampaignsPage") },
  { path: "/campaigns/new", load: () => import("./ComposerPage") },
  { path: "/campaigns/$campaign", load: () => import("./CampaignPage") },
  { path: "/campaigns/$campaign/plan", load: () => import("./ComposerPage") },
  { path: "/personas/{-$agent}", load: () => import("./PersonasPage") },
  { path: "/content", load: () => import("./ContentPage") },
  { path: "/network/{-$post}", load: () => import("./NetworkPage") },
  { path: "/fleet", load: () => import("./FleetPage") },
  { path: "/traces/{-$trace}", load: () => import("./TracesPage") },
  { path: "/incidents", load: () => import("./IncidentsPage") },
  { path: "/audit", load: () => import("./AuditPage") },
  { path: "/connections", load: () => import("./ConnectionsPage") },
  { path: "/policies", load: () => import("./PoliciesPage") },
  { path: "/settings", load: () => import("./SettingsPage") },
];
