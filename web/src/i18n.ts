import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { type Settings, settings } from "./settings";

const CATALOGUES = { en: () => import("./texts/en.json"), "zh-CN": () => import("./texts/zh-CN.json") };
const NAMESPACE = "translation";

/** Shows the pages in a language, whose texts are read when it is first chosen. */
export async function speak(language: Settings["language"]): Promise<void> {
  if (!i18n.hasResourceBundle(language, NAMESPACE)) {
    i18n.addResourceBundle(language, NAMESPACE, (await CATALOGUES[language]()).default);
  }
  await i18n.changeLanguage(language);
}

/** Settled when there are texts to show. */
export const spoken = i18n
  .use(initReactI18next)
  .init({ resources: {}, lng: settings().language, interpolation: { escapeValue: false }, returnNull: false })
  .then(() => speak(settings().language));
