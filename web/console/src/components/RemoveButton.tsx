import { Trash2 } from "lucide-react";
import { useState } from "react";

import { ConfirmDialog } from "./ConfirmDialog";
import { IconButton } from "./IconButton";

type Props = {
  label: string;
  title: string;
  description: string;
  remove: {
    mutate: (id: number, then: { onSuccess: () => void }) => void;
    isPending: boolean;
    error: Error | null;
  };
  id: number;
};

/** Removes a thing after asking once. */
export function RemoveButton({ label, title, description, remove, id }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={label} onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <ConfirmDialog
        title={title}
        description={description}
        confirm={label}
        open={open}
        onClose={() => setOpen(false)}
        task={remove}
        onConfirm={() => remove.mutate(id, { onSuccess: () => setOpen(false) })}
      />
    </>
  );
}
