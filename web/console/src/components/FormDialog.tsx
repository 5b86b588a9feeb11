import { type ReactNode, useId } from "react";

import { Dialog } from "./Dialog";
import { FormButtons } from "./FormButtons";
import { Problem } from "./Problem";

type Props = {
  title: string;
  description?: string;
  open?: boolean;
  onClose: () => void;
  onSubmit: () => void;
  /** What submitting starts: its error is shown, and the button is busy while it runs. */
  task: { error: Error | null; isPending: boolean };
  /** What the button says. */
  submit: string;
  danger?: boolean;
  disabled?: boolean;
  /** Shown in place of the task's error. */
  problem?: ReactNode;
  children?: ReactNode;
};

/** A dialog around a form: it says what went wrong, and ends in giving up or going on. */
export function FormDialog({
  title,
  description,
  open = true,
  onClose,
  onSubmit,
  task,
  problem = <Problem error={task.error} />,
  children,
  ...buttons
}: Props) {
  const form = useId();
  return (
    <Dialog
      title={title}
      description={description}
      open={open}
      onOpenChange={(stays) => !stays && onClose()}
      footer={
        <>
          {problem}
          <FormButtons form={form} busy={task.isPending} onCancel={onClose} {...buttons} />
        </>
      }
    >
      <form
        id={form}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
