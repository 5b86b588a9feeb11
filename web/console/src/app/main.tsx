/** Starts the console. */
import "./app.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { explain } from "../api/explain";
import { toast } from "../components/toasts";
import { startI18n } from "./i18n";
import { createQueryClient } from "./queryClient";
import { createConsoleRouter } from "./router";
import { startTheme } from "./theme";

startTheme();
await startI18n();

const cache = createQueryClient({
  onSignedOut() {
    if (router.state.location.pathname === "/login") return;
    cache.removeQueries({ queryKey: ["auth", "me"] });
    router.navigate({ to: "/login", search: { next: router.state.location.href } });
  },
  onFailed: (error) => toast(explain(error, i18next.t), "danger"),
});
const router = createConsoleRouter(cache);

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
