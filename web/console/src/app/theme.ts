/** Light, dark, or as the device says. */
import { storedValue } from "../lib/storedValue";

/** The choices of the theme switch. */
export const THEMES = ["system", "light", "dark"] as const;

/** One of the choices. */
export type Theme = (typeof THEMES)[number];

/** The chosen theme. */
export const theme = storedValue<Theme>("theme", "system", (value) =>
  THEMES.find((each) => each === value),
);

/** Shows the chosen theme, now and whenever the choice changes. */
export function startTheme(): void {
  const show = () => {
    if (theme.get() === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.get();
  };
  theme.subscribe(show);
  show();
}
