import { ChevronDown } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Priority } from "../../api/types";
import { Menu } from "../../components/Menu";
import { MenuItem } from "../../components/MenuItem";
import { PRIORITIES, PriorityMark } from "./PriorityMark";

type Props = { priority: Priority; disabled: boolean; onChange: (priority: Priority) => void };

/** Says how pressing a conversation is. */
export function PriorityMenu({ priority, disabled, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <Menu
      trigger={
        <button
          type="button"
          disabled={disabled}
          className="-mx-2 flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-hover disabled:pointer-events-none"
        >
          <PriorityMark priority={priority} />
          {t(`priority.${priority}`)}
          {!disabled && <ChevronDown aria-hidden className="size-3.5 text-muted" />}
        </button>
      }
    >
      {PRIORITIES.map((each) => (
        <MenuItem
          key={each}
          icon={<PriorityMark priority={each} />}
          checked={each === priority}
          onSelect={() => onChange(each)}
        >
          {t(`priority.${each}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}
