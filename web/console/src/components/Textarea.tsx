import type { ComponentProps } from "react";

import { cn } from "../lib/cn";
import { CONTROL } from "./Input";

/** A text input of several lines that grows with its text. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      className={cn(
        CONTROL,
        "field-sizing-content min-h-20 resize-y py-2 leading-relaxed",
        className,
      )}
      {...props}
    />
  );
}
