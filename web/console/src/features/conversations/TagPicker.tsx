import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";

import type { Tag } from "../../api/types";
import { Menu } from "../../components/Menu";
import { MenuItem } from "../../components/MenuItem";
import { TagDot } from "../../components/TagDot";

type Props = {
  chosen: Tag[];
  tags: Tag[];
  disabled: boolean;
  onChange: (ids: number[]) => void;
};

/** The labels of a conversation: seen, added, removed. */
export function TagPicker({ chosen, tags, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const ids = chosen.map((tag) => tag.id);
  const toggle = (id: number) =>
    onChange(ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id]);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {chosen.map((tag) => (
        <span
          key={tag.id}
          className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-md bg-sunken pr-1 pl-2 text-xs text-ink"
        >
          <TagDot color={tag.color} />
          <span className="truncate" title={tag.name}>
            {tag.name}
          </span>
          {disabled ? (
            <span className="pr-1" />
          ) : (
            <button
              type="button"
              aria-label={t("conversation.removeTag", { name: tag.name })}
              onClick={() => toggle(tag.id)}
              className="inline-flex size-5 shrink-0 items-center justify-center rounded text-muted hover:bg-line hover:text-ink"
            >
              <X aria-hidden className="size-3" />
            </button>
          )}
        </span>
      ))}
      {!disabled && tags.length > 0 && (
        <Menu
          trigger={
            <button
              type="button"
              className="inline-flex h-6 items-center gap-1 rounded-md border border-dashed border-line-strong px-2 text-xs text-muted hover:bg-hover hover:text-ink"
            >
              <Plus aria-hidden className="size-3" />
              {t("conversation.addTag")}
            </button>
          }
        >
          {tags.map((tag) => (
            <MenuItem
              key={tag.id}
              icon={<TagDot color={tag.color} />}
              checked={ids.includes(tag.id)}
              onSelect={() => toggle(tag.id)}
            >
              {tag.name}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}
