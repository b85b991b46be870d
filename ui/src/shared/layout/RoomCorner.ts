// What stands at the right end of every room's top bar; the frame puts it there, and rooms know nothing of it.
import { createContext, type ReactNode } from "react";

export const RoomCorner = createContext<ReactNode>(null);
