/** The pages of the settings, in a file that is fetched when they are first opened. */
export { AccountPage } from "../routes/settings/AccountPage";
export { AgentsPage } from "../routes/settings/AgentsPage";
export { CannedResponsesPage } from "../routes/settings/CannedResponsesPage";
export { DeliveriesPage } from "../routes/settings/DeliveriesPage";
export { InboxesPage } from "../routes/settings/InboxesPage";
export { JobsPage } from "../routes/settings/JobsPage";
export { ProfilePage } from "../routes/settings/ProfilePage";
export { SessionsPage } from "../routes/settings/SessionsPage";
export { SettingsLayout } from "../routes/settings/SettingsLayout";
export { TagsPage } from "../routes/settings/TagsPage";
export { TeamsPage } from "../routes/settings/TeamsPage";
export { TokensPage } from "../routes/settings/TokensPage";
export { WebhooksPage } from "../routes/settings/WebhooksPage";
