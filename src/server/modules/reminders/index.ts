export { channelsRoutes } from './channels-routes.ts';
export type { ReminderDeps } from './deps.ts';
export { contactSource, lastContactSql, quietSql } from './last-contact.ts';
export { type NewNotice, notify } from './notifications.ts';
export { putEvent } from './put-event.ts';
export { isQuietNow, mayDisturbNow, reminderJobs } from './reminder-jobs.ts';
export { remindersRoutes } from './reminders-routes.ts';
export { readReminderSettings } from './settings.ts';
