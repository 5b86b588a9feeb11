import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../api/types";
import { Dialog } from "../components/Dialog";
import { Kbd } from "../components/Kbd";
import { may } from "../features/auth/permissions";
import { useHotkeys } from "../lib/hotkeys";
import { setHelp, showHelp, useHelp } from "./help";

const DESK = [
  ["next", "j"],
  ["previous", "k"],
  ["assign", "a"],
  ["resolve", "e"],
  ["reply", "r"],
  ["note", "n"],
  ["send", "Ctrl", "Enter"],
] as const;

const QUEUE = [
  ["nextItem", "j", "↓"],
  ["previousItem", "k", "↑"],
  ["accept", "a"],
  ["correct", "c"],
  ["reject", "r"],
] as const;

const EVERYWHERE = [
  ["search", "/"],
  ["help", "?"],
] as const;

/** The keyboard shortcuts; the two that work everywhere live here. */
export function HelpDialog({ me }: { me: Me }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = useHelp();
  useHotkeys({ "?": showHelp, "/": () => navigate({ to: "/search", search: { q: "" } }) });
  return (
    <Dialog title={t("help.title")} open={open} onOpenChange={setHelp}>
      <div className="grid gap-5">
        <Group title={t("help.desk")} shortcuts={DESK} />
        {may(me, "train") && <Group title={t("help.queue")} shortcuts={QUEUE} />}
        <Group title={t("help.everywhere")} shortcuts={EVERYWHERE} />
      </div>
      <p className="mt-4 text-xs text-muted">{t("help.off")}</p>
    </Dialog>
  );
}

type GroupProps = {
  title: string;
  /** The name of each in the locale files, and its keys. */
  shortcuts: readonly (readonly [string, ...string[]])[];
};

function Group({ title, shortcuts }: GroupProps): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="mb-2 text-xs font-medium text-muted">
        {title}
      </h3>
      <dl className="grid gap-2.5 text-sm">
        {shortcuts.map(([name, ...keys]) => (
          <div key={name} className="flex items-center justify-between gap-4">
            <dt>{t(`help.${name}`)}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
