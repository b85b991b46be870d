// Addresses for people who build the console, and for tests. Not part of what is shipped.
import { type AnyRootRoute, createRoute, lazyRouteComponent } from "@tanstack/react-router";

export function galleryRoutes(root: AnyRootRoute) {
  const parts = createRoute({
    getParentRoute: () => root,
    path: "/gallery",
    component: lazyRouteComponent(() => import("./GalleryRoute"), "GalleryRoute"),
  });
  const frame = createRoute({
    getParentRoute: () => root,
    path: "/gallery/frame",
    component: lazyRouteComponent(() => import("./GalleryFrameRoute"), "GalleryFrameRoute"),
  });
  return [parts, frame];
}
