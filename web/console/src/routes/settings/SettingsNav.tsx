import { Link } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Me } from "../../api/types";
import { may } from "../../features/auth/permissions";
import { useSignOut } from "../useSignOut";
import { SECTIONS } from "./sections";

const ENTRY =
  "flex h-8 items-center gap-2.5 rounded-lg px-2.5 text-[0.8125rem] text-ink transition-colors hover:bg-hover max-md:h-11 max-md:text-sm";

/** The pages of the settings that the agent may open. */
export function SettingsNav({ me }: { me: Me }) {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <div className="grid gap-5 px-2.5 py-4">
      {Object.entries(SECTIONS).map(([group, sections]) => {
        const open = sections.filter((section) => may(me, section.permission));
        if (open.length === 0) return null;
        return (
          <section key={group} aria-label={t(`settings.group.${group}`)}>
            <h2 className="px-2.5 pb-1 text-xs font-medium text-muted">
              {t(`settings.group.${group}`)}
            </h2>
            <ul className="grid gap-0.5">
              {open.map(({ name, to, icon: Icon }) => (
                <li key={name}>
                  <Link
                    to={to}
                    className={ENTRY}
                    activeProps={{
                      className:
                        "bg-surface font-medium shadow-xs ring-1 ring-line hover:bg-surface [&_svg]:text-accent-ink",
                    }}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
                    {t(`settings.${name}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <button type="button" onClick={signOut} className={`${ENTRY} md:hidden`}>
        <LogOut aria-hidden className="size-4" />
        {t("nav.signOut")}
      </button>
    </div>
  );
}
