import { Dialog } from "./Dialog";
import { FormButtons } from "./FormButtons";
import { Problem } from "./Problem";

type Props = {
  title: string;
  description: string;
  confirm: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onConfirm: () => void;
  busy: boolean;
  error: Error | null;
};

/** Asks once before something that cannot be undone. */
export function ConfirmDialog(props: Props) {
  return (
    <Dialog
      title={props.title}
      description={props.description}
      open={props.open}
      onOpenChange={props.onOpenChange}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm();
        }}
      >
        <Problem error={props.error} />
        <FormButtons
          danger
          submit={props.confirm}
          busy={props.busy}
          onCancel={() => props.onOpenChange(false)}
        />
      </form>
    </Dialog>
  );
}
