type Props<T> = {
  name: string;
  legend: string;
  value: T;
  options: readonly { value: T; title: string; about: string }[];
  onChange: (value: T) => void;
};

/** Chooses one of a few ways to do something, each with what it means. */
export function RadioCards<T extends string>({ name, legend, value, options, onChange }: Props<T>) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[0.8125rem] font-medium text-ink">{legend}</legend>
      {options.map((each) => (
        <label
          key={each.value}
          className="flex cursor-pointer items-start gap-3 rounded-lg border border-line px-3.5 py-2.5 has-checked:border-accent has-checked:bg-accent-soft/50"
        >
          <input
            type="radio"
            name={name}
            checked={each.value === value}
            onChange={() => onChange(each.value)}
            className="mt-1 accent-accent"
          />
          <span>
            <span className="block text-sm font-medium text-ink">{each.title}</span>
            <span className="block text-[0.8125rem] leading-relaxed text-muted">{each.about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
