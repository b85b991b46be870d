// The addresses of the console. Addresses live after the hash, so that one build works in the window, on a server and
// in a subfolder.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { Lost } from "./Lost";
import { Root } from "./Root";

const root = createRootRoute({ component: Root, notFoundComponent: Lost });
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./Home"), "Home"),
});
const gallery = createRoute({
  getParentRoute: () => root,
  path: "/gallery",
  component: lazyRouteComponent(() => import("./GalleryRoute"), "GalleryRoute"),
});
const galleryFrame = createRoute({
  getParentRoute: () => root,
  path: "/gallery/frame",
  component: lazyRouteComponent(() => import("./GalleryFrameRoute"), "GalleryFrameRoute"),
});

/** The gallery is for people who build the console, and for tests. */
const showsGallery = import.meta.env.DEV || import.meta.env.MODE === "gallery";

export const router = createRouter({
  routeTree: root.addChildren(showsGallery ? [home, gallery, galleryFrame] : [home]),
  history: createHashHistory(),
  defaultPreload: "intent",
});
