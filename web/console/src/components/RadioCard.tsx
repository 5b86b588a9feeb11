import type { ReactNode } from "react";

type Props = {
  name: string;
  title: string;
  about: ReactNode;
  checked: boolean;
  onChoose: () => void;
};

/** One of a few ways to do something, with what it means. */
export function RadioCard({ name, title, about, checked, onChoose }: Props) {
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-lg border border-line px-3.5 py-2.5 has-checked:border-accent has-checked:bg-accent-soft/50">
      <input
        type="radio"
        name={name}
        checked={checked}
        onChange={onChoose}
        className="mt-1 accent-accent"
      />
      <span>
        <span className="block text-sm font-medium text-ink">{title}</span>
        <span className="block text-[0.8125rem] leading-relaxed text-muted">{about}</span>
      </span>
    </label>
  );
}
