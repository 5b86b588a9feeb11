/** The console's languages. A language's sentences are fetched when it is chosen. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** The languages the console speaks. */
export const LANGUAGES = ["zh", "en"] as const;

/** One of the languages. */
export type Language = (typeof LANGUAGES)[number];

const REMEMBERED = "attune.language";

const sentences = {
  zh: () => import("@attune/shared/locales/zh/console.json"),
  en: () => import("@attune/shared/locales/en/console.json"),
};

/** Prepares translation in the language that was chosen here before, else in the browser's. */
export async function startI18n(language: Language = preferred()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: { [language]: { translation: await load(language) } },
  });
  document.documentElement.lang = locale(language);
}

/** Switches the language everywhere and remembers it. */
export async function switchLanguage(language: Language): Promise<void> {
  i18next.addResourceBundle(language, "translation", await load(language));
  await i18next.changeLanguage(language);
  document.documentElement.lang = locale(language);
  localStorage.setItem(REMEMBERED, language);
}

/** The language that is neither of two but the other. */
export function otherLanguage(language: string): Language {
  return language === "zh" ? "en" : "zh";
}

async function load(language: Language): Promise<object> {
  return (await sentences[language]()).default;
}

function locale(language: Language): string {
  return language === "zh" ? "zh-CN" : "en";
}

function preferred(): Language {
  const remembered = LANGUAGES.find((each) => each === localStorage.getItem(REMEMBERED));
  return remembered ?? (navigator.language.startsWith("zh") ? "zh" : "en");
}
