// The roles that there are, in the order in which people are asked about them. Pure.
import type { Wire } from "@/ipc/api";

export type Role = Wire<"Role">;

export const ROLES: readonly Role[] = [
  "admin",
  "operator",
  "moderator",
  "brand_owner",
  "finance",
  "viewer",
];

/** Who holds all of them is told so: a list of six says less and is cut off. */
export function holdsEvery(roles: readonly Role[]): boolean {
  return ROLES.every((role) => roles.includes(role));
}
