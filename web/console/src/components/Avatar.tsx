import { initials } from "@attune/shared/text";
import { Bot } from "lucide-react";

import { cn } from "../lib/cn";

const HUES = ["bg-hue-1", "bg-hue-2", "bg-hue-3", "bg-hue-4", "bg-hue-5", "bg-hue-6"];
const SIZES = { sm: "size-6 text-[0.625rem]", md: "size-9 text-sm", lg: "size-14 text-xl" };

type Props = {
  name: string;
  /** What the colour hangs on, so that a person keeps it. */
  id: number;
  size?: keyof typeof SIZES;
  bot?: boolean;
};

/** A round sign for a person or a bot; decorative, the name stands beside it. */
export function Avatar({ name, id, size = "md", bot = false }: Props) {
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-hue-ink select-none",
        SIZES[size],
        bot ? "bg-accent-soft text-accent-ink" : HUES[Math.abs(id) % HUES.length],
      )}
    >
      {bot ? <Bot className="size-[55%]" /> : initials(name)}
    </span>
  );
}
