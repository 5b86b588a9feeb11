import { Bar } from "./Bar";

type Props = {
  /** What is under way. */
  label: string;
  percent: number;
};

/** How far something is that takes a while. */
export function Progress({ label, percent }: Props) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className="grid gap-1.5"
    >
      <span className="flex justify-between gap-3 text-[0.8125rem] text-soft">
        <span>{label}</span>
        <span className="tabular-nums">{percent}%</span>
      </span>
      <Bar share={percent / 100} />
    </div>
  );
}
