/** The main places of the console. */
import { MessagesSquare, Search, Settings } from "lucide-react";

/** One entry of the navigation, by its name in the locale files. */
export const PLACES = [
  { name: "conversations", to: "/conversations", icon: MessagesSquare },
  { name: "search", to: "/search", icon: Search },
  { name: "settings", to: "/settings", icon: Settings },
] as const;
