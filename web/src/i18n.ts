import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { settings } from "./settings";
import en from "./texts/en.json";
import zh from "./texts/zh-CN.json";

/** Every text of the pages; both catalogues are small, so that the language changes at once. */
void i18n.use(initReactI18next).init({
  resources: { en: { translation: en }, "zh-CN": { translation: zh } },
  lng: settings().language,
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

export default i18n;
