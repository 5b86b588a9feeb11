import { type ReactNode, useId } from "react";

type Props = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** Renders the control; it gives the control the id and description that belong to the label. */
  children: (control: {
    id: string;
    "aria-describedby"?: string;
    "aria-invalid"?: true;
  }) => ReactNode;
};

/** A labelled control with its hint and its error. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  const described = error || hint ? `${id}-about` : undefined;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[0.8125rem] font-medium text-ink">
        {label}
      </label>
      {children({
        id,
        ...(described && { "aria-describedby": described }),
        ...(error && { "aria-invalid": true as const }),
      })}
      {described && (
        <p id={described} className={error ? "text-xs text-danger-ink" : "text-xs text-muted"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
