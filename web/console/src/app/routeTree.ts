/** Which address shows which page. The URL holds the selection and the filters. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";

import { problemOf } from "../api/client";
import { meQuery } from "../features/auth/queries";
import { type FilterSearch, parseSearch } from "../features/conversations/filters";
import { parseExampleFilter } from "../features/examples/queries";
import { parseConfusion } from "../features/releases/queries";
import { parseReviewFilter } from "../features/reviews/queries";
import { DELIVERY_STATES } from "../features/webhooks/queries";
import { ConversationPage } from "../routes/desk/ConversationPage";
import { DeskPage } from "../routes/desk/DeskPage";
import { NoConversation } from "../routes/desk/NoConversation";
import { LoginPage } from "../routes/LoginPage";
import { SearchPage } from "../routes/SearchPage";
import { Shell } from "../routes/Shell";

/** What every route may use. */
type RouterContext = { cache: QueryClient };

/** What the URL of the desk holds beside the selection. */
type DeskSearch = FilterSearch & { panel?: boolean | undefined };

/** What the URL of a delivery log holds. */
type DeliverySearch = { state?: (typeof DELIVERY_STATES)[number] | undefined };

type Pages = typeof import("./settingsPages");
const pages = () => import("./settingsPages");

type TrainingPages = typeof import("./trainingPages");
const trainingPages = () => import("./trainingPages");

/** Ids are numbers in code and text in the address. */
const idParam = {
  parse: ({ id }: { id: string }) => ({ id: Number(id) }),
  stringify: ({ id }: { id: number }) => ({ id: String(id) }),
};

const root = createRootRouteWithContext<RouterContext>()();

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: LoginPage,
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({
    next: isOwnPath(search.next) ? search.next : undefined,
  }),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.cache.ensureQueryData(meQuery);
    } catch (error) {
      if (problemOf(error)?.problem.status !== 401) throw error;
      throw redirect({ to: "/login", search: { next: location.href }, hash: location.hash });
    }
  },
});

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/conversations" });
  },
});

const conversations = createRoute({
  getParentRoute: () => app,
  path: "/conversations",
  component: DeskPage,
  validateSearch: (search: Record<string, unknown>): DeskSearch => ({
    ...parseSearch(search),
    panel: search.panel === true || undefined,
  }),
});

const noConversation = createRoute({
  getParentRoute: () => conversations,
  path: "/",
  component: NoConversation,
});

const conversation = createRoute({
  getParentRoute: () => conversations,
  path: "$id",
  params: idParam,
  component: ConversationPage,
});

const search = createRoute({
  getParentRoute: () => app,
  path: "/search",
  component: SearchPage,
  validateSearch: ({ q }: Record<string, unknown>) => ({ q: q === undefined ? "" : String(q) }),
});

const settings = createRoute({
  getParentRoute: () => app,
  path: "/settings",
  component: lazyRouteComponent(pages, "SettingsLayout"),
});

const at = <const Path extends string>(path: Path, page: Exclude<keyof Pages, "SettingsLayout">) =>
  createRoute({
    getParentRoute: () => settings,
    path,
    component: lazyRouteComponent(pages, page),
  });

const deliveries = createRoute({
  getParentRoute: () => settings,
  path: "webhooks/$id",
  params: idParam,
  validateSearch: (search: Record<string, unknown>): DeliverySearch => ({
    state: DELIVERY_STATES.find((each) => each === search.state),
  }),
  component: lazyRouteComponent(pages, "DeliveriesPage"),
});

const training = createRoute({
  getParentRoute: () => app,
  path: "/training",
  component: lazyRouteComponent(trainingPages, "TrainingLayout"),
});

const trainingHome = createRoute({
  getParentRoute: () => training,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/training/reviews" });
  },
});

const trainingPage = (page: keyof TrainingPages) => lazyRouteComponent(trainingPages, page);

const reviews = createRoute({
  getParentRoute: () => training,
  path: "reviews",
  validateSearch: parseReviewFilter,
  component: trainingPage("ReviewsPage"),
});

const discovery = createRoute({
  getParentRoute: () => training,
  path: "discovery",
  component: trainingPage("DiscoveryPage"),
});

const examples = createRoute({
  getParentRoute: () => training,
  path: "examples",
  validateSearch: parseExampleFilter,
  component: trainingPage("ExamplesPage"),
});

const releases = createRoute({
  getParentRoute: () => training,
  path: "releases",
  component: trainingPage("ReleasesPage"),
});

const release = createRoute({
  getParentRoute: () => training,
  // Not `$id`, which names the conversation that an agent looks at.
  path: "releases/$release",
  params: {
    parse: ({ release }: { release: string }) => ({ release: Number(release) }),
    stringify: ({ release }: { release: number }) => ({ release: String(release) }),
  },
  validateSearch: parseConfusion,
  component: trainingPage("ReleasePage"),
});

const playground = createRoute({
  getParentRoute: () => training,
  path: "playground",
  validateSearch: ({ release }: Record<string, unknown>): { release?: number | undefined } => ({
    release: Number.isSafeInteger(release) ? (release as number) : undefined,
  }),
  component: trainingPage("PlaygroundPage"),
});

/** All routes. */
export const routeTree = root.addChildren([
  login,
  app.addChildren([
    home,
    conversations.addChildren([noConversation, conversation]),
    search,
    training.addChildren([
      trainingHome,
      reviews,
      discovery,
      examples,
      releases,
      release,
      playground,
    ]),
    settings.addChildren([
      at("profile", "ProfilePage"),
      at("sessions", "SessionsPage"),
      at("tokens", "TokensPage"),
      at("agents", "AgentsPage"),
      at("teams", "TeamsPage"),
      at("inboxes", "InboxesPage"),
      at("tags", "TagsPage"),
      at("canned-responses", "CannedResponsesPage"),
      at("account", "AccountPage"),
      at("webhooks", "WebhooksPage"),
      at("jobs", "JobsPage"),
      deliveries,
    ]),
  ]),
]);

/** Accepts only a path of the console itself, so that a link cannot send an agent elsewhere after signing in. */
function isOwnPath(value: unknown): value is string {
  return typeof value === "string" && /^\/(?![/\\])/.test(value);
}
