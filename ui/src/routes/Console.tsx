// Who comes in: nobody yet, somebody unknown, or a person whose rooms the frame then shows.
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { NoBackend } from "@/features/frame/NoBackend";
import { NotYours } from "@/features/frame/NotYours";
import { Opening } from "@/features/frame/Opening";
import { roomAt } from "@/features/frame/rooms";
import { hooks } from "@/ipc/api";
import { asApiError, UNAUTHENTICATED } from "@/ipc/errors";
import { at } from "@/shared/addresses";

const SignedIn = lazy(() => import("./SignedIn").then((m) => ({ default: m.SignedIn })));
const Start = lazy(() => import("./Start").then((m) => ({ default: m.Start })));

export function Console() {
  const session = hooks.useQuery("get", "/api/v1/session");
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const room = roomAt(path);
  const error = session.error ? asApiError(session.error) : null;
  if (error?.code === UNAUTHENTICATED) {
    return (
      <Suspense fallback={<Opening />}>
        <Start />
      </Suspense>
    );
  }
  if (!session.data) {
    return error ? <NoBackend error={error} onRetry={() => void session.refetch()} /> : <Opening />;
  }
  if (path === at.welcome) return <Outlet />;
  const mine: readonly string[] = session.data.rooms;
  return (
    <Suspense fallback={<Opening />}>
      <SignedIn me={session.data}>
        {room && !mine.includes(room) ? <NotYours /> : <Outlet />}
      </SignedIn>
    </Suspense>
  );
}
