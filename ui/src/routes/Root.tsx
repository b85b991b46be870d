// What surrounds every page: the grounds on which tooltips and toasts appear, and the last net for what breaks.
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Outlet } from "@tanstack/react-router";
import { ErrorBoundary } from "@/shared/parts/ErrorBoundary";
import { TooltipGround } from "@/shared/parts/Tooltip";
import { ToastGround } from "@/shared/parts/toast/ToastGround";

export function Root() {
  return (
    <CSPProvider disableStyleElements>
      <TooltipGround>
        <ToastGround>
          <ErrorBoundary>
            <Outlet />
          </ErrorBoundary>
        </ToastGround>
      </TooltipGround>
    </CSPProvider>
  );
}
