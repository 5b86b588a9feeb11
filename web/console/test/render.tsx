/** Shows parts of the console, or all of it, in a test. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";

import { createConsoleRouter } from "../src/app/router";
import { Toaster } from "../src/components/Toaster";

/** A cache that asks once and remembers nothing of earlier tests. */
export function testCache(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false } } });
}

/** Shows a component with what surrounds it in the console; links lead nowhere. */
export async function show(ui: ReactNode, cache = testCache()) {
  const router = createRouter({
    routeTree: createRootRoute({ component: () => ui }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={cache}>
      <Tooltip.Provider>
        <RouterProvider router={router as never} />
        <Toaster />
      </Tooltip.Provider>
    </QueryClientProvider>,
  );
  await router.load();
  return { cache, user: newUser() };
}

/** Opens the console at an address. */
export async function visit(path: string, cache = testCache()) {
  const base = import.meta.env.BASE_URL.replace(/\/$/, "");
  const history = createMemoryHistory({ initialEntries: [base + path] });
  const router = createConsoleRouter(cache, history);
  render(
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  await router.load();
  return { cache, router, user: newUser() };
}

/** Somebody at the keyboard. An open dialog of Radix makes the page deaf to pointers, which jsdom cannot undo. */
function newUser() {
  return userEvent.setup({ pointerEventsCheck: 0 });
}

/** A problem document as the server answers it. */
export function problem(status: number, code: string, detail: string) {
  return Response.json(
    { type: `/problems/${code}`, title: "Not allowed", status, detail, code },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}
