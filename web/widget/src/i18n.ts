/** The widget's sentences, by context: a component asks for `t`, `locale` and nothing more. */

import type { Locale } from "@attune/shared/live";
import { type KeyOf, type Translate, translator } from "@attune/shared/locales";
import { createContext } from "preact";
import { useContext } from "preact/hooks";

import enCommon from "../../shared/locales/en/common.json";
import enWidget from "../../shared/locales/en/widget.json";
import zhCommon from "../../shared/locales/zh/common.json";
import zhWidget from "../../shared/locales/zh/widget.json";

/** Every key that the widget may ask for. */
export type Key = KeyOf<typeof enWidget> | KeyOf<typeof enCommon>;

/** A language and its sentences. */
export interface Speech {
  locale: Locale;
  t: Translate<Key>;
}

/** The sentences of a language. */
export function speechOf(locale: Locale): Speech {
  const files = locale === "en" ? [enWidget, enCommon] : [zhWidget, zhCommon];
  return { locale, t: translator<Key>(locale, files) };
}

/** Gives a language to everything below. */
export const SpeechContext = createContext<Speech>(speechOf("zh"));

/** The language of this place. */
export function useSpeech(): Speech {
  return useContext(SpeechContext);
}
