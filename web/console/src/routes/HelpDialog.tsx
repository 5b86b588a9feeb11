import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { Dialog } from "../components/Dialog";
import { Kbd } from "../components/Kbd";
import { useHotkeys } from "../lib/hotkeys";
import { setHelp, showHelp, useHelp } from "./help";

const SHORTCUTS = [
  ["next", "j"],
  ["previous", "k"],
  ["assign", "a"],
  ["resolve", "e"],
  ["reply", "r"],
  ["note", "n"],
  ["search", "/"],
  ["help", "?"],
] as const;

/** The keyboard shortcuts; the two that work everywhere live here. */
export function HelpDialog() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const open = useHelp();
  useHotkeys({ "?": showHelp, "/": () => navigate({ to: "/search", search: { q: "" } }) });
  return (
    <Dialog title={t("help.title")} open={open} onOpenChange={setHelp}>
      <dl className="grid gap-2.5 text-sm">
        {SHORTCUTS.map(([name, key]) => (
          <div key={name} className="flex items-center justify-between gap-4">
            <dt>{t(`help.${name}`)}</dt>
            <dd>
              <Kbd>{key}</Kbd>
            </dd>
          </div>
        ))}
        <div className="flex items-center justify-between gap-4">
          <dt>{t("help.send")}</dt>
          <dd className="flex gap-1">
            <Kbd>Ctrl</Kbd>
            <Kbd>Enter</Kbd>
          </dd>
        </div>
      </dl>
      <p className="mt-4 text-xs text-muted">{t("help.off")}</p>
    </Dialog>
  );
}
