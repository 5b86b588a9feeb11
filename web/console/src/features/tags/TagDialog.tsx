import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Tag } from "../../api/types";
import { FormDialog } from "../../components/FormDialog";
import { TextField } from "../../components/TextField";
import { ColorChoice } from "./ColorChoice";
import { useSaveTag } from "./queries";

const FIRST_COLOR = "#0b6e5b";

type Props = {
  /** The tag to change; a new one is made without. */
  tag: Tag | undefined;
  onClose: () => void;
};

/** Adds or changes a tag. */
export function TagDialog({ tag, onClose }: Props) {
  const { t } = useTranslation();
  const save = useSaveTag();
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState(tag?.color ?? FIRST_COLOR);
  return (
    <FormDialog
      title={tag ? t("tags.edit") : t("tags.add")}
      onClose={onClose}
      task={save}
      submit={t("common.save")}
      onSubmit={() =>
        save.mutate(
          { ...(tag && { id: tag.id }), form: { name: name.trim(), color } },
          { onSuccess: onClose },
        )
      }
    >
      <TextField label={t("tags.name")} required value={name} onChange={setName} />
      <ColorChoice value={color} onChange={setColor} />
    </FormDialog>
  );
}
