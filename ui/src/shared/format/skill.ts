// What a skill is called before people. Those that ship have a title; of one that was added, its name is made readable.
import type { TFunction } from "i18next";
import { parts } from "@/shared/i18n/en/parts";

type Shipped = keyof typeof parts.skill;

const isShipped = (name: string): name is Shipped => Object.hasOwn(parts.skill, name);

export function skillTitle(name: string, t: TFunction): string {
  if (isShipped(name)) return t(`parts.skill.${name}`);
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words ? words.charAt(0).toLocaleUpperCase() + words.slice(1) : name;
}
