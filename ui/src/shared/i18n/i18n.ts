// Sets up the catalogue once, synchronously, before anything renders.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en/catalogue";

export const i18n = i18next.createInstance();

void i18n.use(initReactI18next).init({
  lng: "en",
  resources: { en: { translation: en } },
  initAsync: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});
