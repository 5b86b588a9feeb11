import { Link } from "@tanstack/react-router";
import { Tooltip } from "radix-ui";
import { useTranslation } from "react-i18next";

import type { Me } from "../api/types";
import { Logo } from "../components/Logo";
import { TooltipText } from "../components/TooltipText";
import { MeMenu } from "./MeMenu";
import { placesOf } from "./navigation";

/** The navigation at the left edge, where there is room for it. */
export function Rail({ me }: { me: Me }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t("nav.main")}
      className="flex w-14 shrink-0 flex-col items-center gap-1 border-r border-line bg-canvas py-3 max-md:hidden"
    >
      <Logo className="mb-3 size-8" />
      {placesOf(me).map(({ name, to, icon: Icon }) => (
        <Tooltip.Root key={name}>
          <Tooltip.Trigger asChild>
            <Link
              to={to}
              aria-label={t(`nav.${name}`)}
              className="inline-flex size-10 items-center justify-center rounded-xl text-muted transition-colors hover:bg-sunken hover:text-ink"
              activeProps={{
                className:
                  "bg-accent-soft text-accent-ink hover:bg-accent-soft hover:text-accent-ink",
              }}
            >
              <Icon aria-hidden className="size-5" strokeWidth={1.75} />
            </Link>
          </Tooltip.Trigger>
          <TooltipText>{t(`nav.${name}`)}</TooltipText>
        </Tooltip.Root>
      ))}
      <span className="flex-1" />
      <MeMenu me={me} />
    </nav>
  );
}
