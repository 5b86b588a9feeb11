import { useNavigate } from "@tanstack/react-router";
import { Circle, Keyboard, LogOut, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Agent, Me } from "../api/types";
import { Avatar } from "../components/Avatar";
import { Menu } from "../components/Menu";
import { MenuHeading } from "../components/MenuHeading";
import { MenuItem } from "../components/MenuItem";
import { AVAILABILITIES, useSetAvailability } from "../features/auth/queries";
import { cn } from "../lib/cn";
import { showHelp } from "./help";
import { useSignOut } from "./useSignOut";

const COLORS: Record<Agent["availability"], string> = {
  online: "bg-ok-ink",
  away: "bg-star",
  offline: "bg-control",
};

/** One's own corner: whether one takes work, the way to the settings and out. */
export function MeMenu({ me }: { me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const availability = useSetAvailability(me.agent.id);
  const { name, email, id, availability: now } = me.agent;
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={t("nav.me", { name, availability: t(`availability.${now}`) })}
          className="relative rounded-full"
        >
          <Avatar name={name} id={id} />
          <span
            aria-hidden
            className={cn(
              "absolute -right-0.5 -bottom-0.5 size-3 rounded-full border-2 border-canvas",
              COLORS[now],
            )}
          />
        </button>
      }
    >
      <MenuHeading>
        <span className="block text-sm text-ink">{name}</span>
        <span className="block font-normal">{email}</span>
      </MenuHeading>
      {AVAILABILITIES.map((each) => (
        <MenuItem
          key={each}
          icon={<Circle />}
          checked={each === now}
          onSelect={() => availability.mutate(each)}
        >
          {t(`availability.${each}`)}
        </MenuItem>
      ))}
      <hr className="my-1 border-line" />
      <MenuItem icon={<UserRound />} onSelect={() => navigate({ to: "/settings/profile" })}>
        {t("settings.profile")}
      </MenuItem>
      <MenuItem icon={<Keyboard />} detail="?" onSelect={showHelp}>
        {t("help.title")}
      </MenuItem>
      <MenuItem icon={<LogOut />} onSelect={signOut}>
        {t("nav.signOut")}
      </MenuItem>
    </Menu>
  );
}
