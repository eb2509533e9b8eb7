export { type NewNotice, notify } from './notifications.ts';
