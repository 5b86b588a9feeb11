import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Me } from "../api/types";
import { placesOf } from "./navigation";

/** The navigation at the lower edge of a phone; an open conversation takes its place. */
export function BottomBar({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false });
  if (id !== undefined) return null;
  return (
    <nav
      aria-label={t("nav.main")}
      className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {placesOf(me).map(({ name, to, icon: Icon }) => (
        <Link
          key={name}
          to={to}
          className="flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs text-muted"
          activeProps={{ className: "text-accent-ink font-medium" }}
        >
          <Icon aria-hidden className="size-5" strokeWidth={1.75} />
          {t(`nav.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
