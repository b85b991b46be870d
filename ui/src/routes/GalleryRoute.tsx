// Every part, for looking.
import { Gallery } from "@/features/gallery/Gallery";

export function GalleryRoute() {
  return <Gallery />;
}
