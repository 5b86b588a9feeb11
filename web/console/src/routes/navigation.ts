/** The main places of the console, and who may go there. */
import { GraduationCap, type LucideIcon, MessagesSquare, Search, Settings } from "lucide-react";

import type { Me } from "../api/types";
import { may, type Permission } from "../features/auth/permissions";

/** One entry of the navigation, by its name in the locale files. */
const PLACES = [
  { name: "conversations", to: "/conversations", icon: MessagesSquare, permission: "own_profile" },
  { name: "search", to: "/search", icon: Search, permission: "own_profile" },
  { name: "training", to: "/training", icon: GraduationCap, permission: "train" },
  { name: "settings", to: "/settings", icon: Settings, permission: "own_profile" },
] as const satisfies { name: string; to: string; icon: LucideIcon; permission: Permission }[];

/** The entries of the navigation that somebody may open. */
export function placesOf(me: Pick<Me, "permissions">) {
  return PLACES.filter(({ permission }) => may(me, permission));
}
