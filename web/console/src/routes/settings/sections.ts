/** The pages of the settings, who may open them, and in which order they stand. */
import {
  Building2,
  Inbox,
  KeyRound,
  type LucideIcon,
  MessageSquareQuote,
  MonitorSmartphone,
  Tags,
  TriangleAlert,
  UserRound,
  Users,
  UsersRound,
  Webhook,
} from "lucide-react";

import type { Permission } from "../../features/auth/permissions";

/** One page of the settings. */
export type Section = {
  name: string;
  to: string;
  icon: LucideIcon;
  permission: Permission;
};

/** The pages, in groups named by the locale files. */
export const SECTIONS = {
  own: [
    { name: "profile", to: "/settings/profile", icon: UserRound, permission: "own_profile" },
    {
      name: "sessions",
      to: "/settings/sessions",
      icon: MonitorSmartphone,
      permission: "own_profile",
    },
    { name: "tokens", to: "/settings/tokens", icon: KeyRound, permission: "own_profile" },
  ],
  desk: [
    { name: "agents", to: "/settings/agents", icon: Users, permission: "read_directory" },
    { name: "teams", to: "/settings/teams", icon: UsersRound, permission: "read_directory" },
    { name: "inboxes", to: "/settings/inboxes", icon: Inbox, permission: "read_directory" },
    { name: "tags", to: "/settings/tags", icon: Tags, permission: "read_directory" },
    {
      name: "canned",
      to: "/settings/canned-responses",
      icon: MessageSquareQuote,
      permission: "read_directory",
    },
  ],
  company: [
    { name: "account", to: "/settings/account", icon: Building2, permission: "administer" },
    { name: "webhooks", to: "/settings/webhooks", icon: Webhook, permission: "integrate" },
    { name: "jobs", to: "/settings/jobs", icon: TriangleAlert, permission: "integrate" },
  ],
} as const satisfies Record<string, Section[]>;
