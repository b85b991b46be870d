// Starts the console.
import "./locale-shim";
import "@/shared/styles/theme.css";
import "@/shared/i18n/i18n";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { newCache } from "@/ipc/api";
import { reportProblem, reportUncaught } from "@/ipc/problems";
import { router } from "@/routes/router";
import { keepLook } from "@/shared/hooks/usePreference";

reportUncaught(window);
keepLook(document.documentElement, window);

const place = document.getElementById("root");
if (!place) throw new Error("the page has no place for the console");
createRoot(place, { onUncaughtError: reportProblem }).render(
  <StrictMode>
    <QueryClientProvider client={newCache()}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
