type Props = {
  name: string;
  value: string;
  /** What the figure means, in a sentence. */
  about: string;
};

/** One figure among others, in a list of definitions. */
export function Figure({ name, value, about }: Props) {
  return (
    <div className="flex flex-col gap-0.5 rounded-xl border border-line bg-surface px-4 py-3 shadow-xs">
      <dt className="text-xs font-medium text-muted">{name}</dt>
      <dd className="text-xl font-semibold text-ink tabular-nums">{value}</dd>
      <dd className="text-xs leading-relaxed text-muted">{about}</dd>
    </div>
  );
}
