import type { QueryClient } from "@tanstack/react-query";
import { createRouter, type RouterHistory } from "@tanstack/react-router";

import { Loading } from "../components/Loading";
import { Crash } from "../routes/Crash";
import { NotFound } from "../routes/NotFound";
import { routeTree } from "./routeTree";

/** Makes the router; a test gives it a history of its own. */
export function createConsoleRouter(cache: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    basepath: import.meta.env.BASE_URL,
    context: { cache },
    ...(history && { history }),
    defaultPendingComponent: () => <Loading />,
    defaultErrorComponent: Crash,
    defaultNotFoundComponent: NotFound,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
