import { CalendarClock, Clock, MessageSquareDot } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../components/IconButton";
import { Menu } from "../../components/Menu";
import { MenuHeading } from "../../components/MenuHeading";
import { MenuItem } from "../../components/MenuItem";
import { atHour, daysToMonday } from "../../lib/time";

type Props = {
  onSnooze: (until: string | null) => void;
  onPickDate: () => void;
};

/** Lets a conversation rest: for a while, until a date, or until the contact writes. */
export function SnoozeMenu({ onSnooze, onPickDate }: Props) {
  const { t, i18n } = useTranslation();
  const now = Date.now();
  const presets = {
    hour: new Date(now + 3_600_000),
    threeHours: new Date(now + 3 * 3_600_000),
    tomorrow: atHour(now, 1, 9),
    // On a Sunday, tomorrow is that Monday.
    ...(daysToMonday(now) > 1 && { monday: atHour(now, daysToMonday(now), 9) }),
  };
  const short = new Intl.DateTimeFormat(i18n.language, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (
    <Menu
      trigger={
        <IconButton label={t("snooze.snooze")}>
          <Clock aria-hidden />
        </IconButton>
      }
    >
      <MenuHeading>{t("snooze.until")}</MenuHeading>
      {Object.entries(presets).map(([name, until]) => (
        <MenuItem
          key={name}
          icon={<Clock />}
          detail={short.format(until)}
          onSelect={() => onSnooze(until.toISOString())}
        >
          {t(`snooze.${name}`)}
        </MenuItem>
      ))}
      <MenuItem icon={<MessageSquareDot />} onSelect={() => onSnooze(null)}>
        {t("snooze.nextMessage")}
      </MenuItem>
      <MenuItem icon={<CalendarClock />} onSelect={onPickDate}>
        {t("snooze.pickDate")}
      </MenuItem>
    </Menu>
  );
}
