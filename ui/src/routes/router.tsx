// The addresses of the console. They live after the hash, so that one build works in the window, on a server and in a
// subfolder. Each room is loaded when it is first gone to.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
} from "@tanstack/react-router";
import { Console } from "./Console";
import { galleryRoutes } from "./galleryRoutes";
import { Lost } from "./Lost";
import { Root } from "./Root";
import { ROOM_ROUTES } from "./rooms";

const root = createRootRoute({ component: Root, notFoundComponent: Lost });
const signedIn = createRoute({ getParentRoute: () => root, id: "console", component: Console });
const rooms = ROOM_ROUTES.map(({ path, page }) =>
  createRoute({ getParentRoute: () => signedIn, path, component: page }),
);

const gallery =
  import.meta.env.DEV || import.meta.env.MODE === "gallery" ? galleryRoutes(root) : [];

export const router = createRouter({
  routeTree: root.addChildren([signedIn.addChildren(rooms), ...gallery]),
  history: createHashHistory(),
  defaultPreload: "intent",
});
