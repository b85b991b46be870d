// The addresses of the console. Addresses live after the hash, so that one build works in the window, on a server and
// in a subfolder.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { galleryRoutes } from "./galleryRoutes";
import { Lost } from "./Lost";
import { Root } from "./Root";

const root = createRootRoute({ component: Root, notFoundComponent: Lost });
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./Home"), "Home"),
});

const gallery =
  import.meta.env.DEV || import.meta.env.MODE === "gallery" ? galleryRoutes(root) : [];

export const router = createRouter({
  routeTree: root.addChildren([home, ...gallery]),
  history: createHashHistory(),
  defaultPreload: "intent",
});
