/** Starts the widget: reads its address, finds its host, opens its session, and draws. */
import "@attune/shared/tokens.css";
import "./styles/index.css";

import { liveUrl } from "@attune/shared/live";
import { pickLocale } from "@attune/shared/locales";
import { render } from "preact";

import { App } from "./App.tsx";
import { widgetEnvironment } from "./environment.ts";
import { httpFiles } from "./features/attachment/files.ts";
import { Session } from "./features/session/session.ts";
import { areaOf, createStorage } from "./features/session/storage.ts";
import { type Host, hostOf } from "./host.ts";
import { speechOf } from "./i18n.ts";

const { origin, search } = window.location;
const query = new URLSearchParams(search);
const inbox = query.get("inbox")?.trim() ?? "";
const locale = pickLocale(query.get("locale") || navigator.language);
const place = document.getElementById("app");

if (place && inbox) start(place);
else if (place) {
  const { t } = speechOf(locale);
  render(<p class="missing">{t("page.missing")}</p>, place);
}

function start(root: HTMLElement): void {
  const host = hostOf(window);
  const environment = widgetEnvironment();
  const shared = areaOf(window, "localStorage");
  const storage = createStorage(inbox, shared, areaOf(window, "sessionStorage"), window);
  const session = new Session({
    inbox,
    locale,
    liveUrl: liveUrl(origin, "/api/v1/visitor/live"),
    environment,
    storage,
    announce: (message) => host.post(message),
    endToken: (token) =>
      fetch("/api/v1/visitor/logout", {
        method: "POST",
        keepalive: true,
        headers: { Authorization: `Bearer ${token}` },
      }),
  });
  const files = httpFiles(origin, () => session.token());
  let opened = host.embedded ? 0 : 1;
  let shown = !host.embedded;

  const draw = () =>
    render(
      <App session={session} files={files} host={host} now={environment.now} opened={opened} />,
      root,
    );
  const look = () => session.setVisible(shown && document.visibilityState === "visible");
  const show = (open: boolean) => {
    if (open && !shown) opened += 1;
    shown = open;
    look();
    draw();
  };

  obey(host, session, show, () => files.forget());
  document.addEventListener("visibilitychange", look);
  document.addEventListener("keydown", (event) => {
    const elsewhere = event.defaultPrevented || document.querySelector("dialog[open]");
    if (event.key === "Escape" && !elsewhere) host.post({ type: "close" });
  });
  draw();
  look();
  session.start();
  host.post({ type: "ready" });
}

/** Does what the embedding page asks. */
function obey(
  host: Host,
  session: Session,
  show: (open: boolean) => void,
  leave: () => void,
): void {
  host.listen((message) => {
    switch (message.type) {
      case "hello":
        show(message.open);
        host.post({ type: "ready" });
        break;
      case "opened":
        show(true);
        break;
      case "closed":
        show(false);
        break;
      case "locale":
        session.setLocale(pickLocale(message.locale));
        break;
      case "identify":
        leave();
        session.identify(message.token);
        break;
      case "logout":
        leave();
        session.logout();
        break;
    }
  });
}
