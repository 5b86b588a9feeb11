import { FormDialog } from "./FormDialog";

type Props = {
  title: string;
  description: string;
  confirm: string;
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  task: { error: Error | null; isPending: boolean };
};

/** Asks once before something that cannot be undone. */
export function ConfirmDialog({ confirm, onConfirm, ...asked }: Props) {
  return <FormDialog danger submit={confirm} onSubmit={onConfirm} {...asked} />;
}
