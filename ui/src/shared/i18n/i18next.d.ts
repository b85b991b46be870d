// Makes every key of the catalogue known to the compiler, so that a missing string is a type error.
import "i18next";
import type { en } from "./en/catalogue";
import type { registry } from "./en/registry";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en & { registry: typeof registry } };
    returnNull: false;
  }
}
