import { Check } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";

/** The colours to choose from, by name; all are told apart from each other and from the page. */
const COLORS = {
  jade: "#0b6e5b",
  cinnabar: "#b8321f",
  amber: "#c47a06",
  indigo: "#3d5fc4",
  plum: "#8a3d9c",
  rose: "#c43d74",
  sky: "#1684b0",
  slate: "#5c6862",
};

type Props = { value: string; onChange: (color: string) => void };

/** Chooses a colour among few. */
export function ColorChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-[0.8125rem] font-medium text-ink">{t("tags.color")}</legend>
      <div className="flex flex-wrap gap-2">
        {Object.entries(COLORS).map(([name, color]) => (
          <label
            key={color}
            className="relative inline-flex size-8 cursor-pointer rounded-full outline-offset-2 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={group}
              checked={value === color}
              onChange={() => onChange(color)}
              className="sr-only"
            />
            <svg aria-hidden viewBox="0 0 32 32" className="size-8">
              <circle cx="16" cy="16" r="14" fill={color} />
            </svg>
            {value === color && (
              <Check
                aria-hidden
                className="absolute inset-0 m-auto size-4 text-white"
                strokeWidth={3}
              />
            )}
            <span className="sr-only">{t(`color.${name}`)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
