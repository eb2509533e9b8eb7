/** Keys of what this feature caches. */
export const noticeKeys = {
  all: ['notices'] as const,
  unread: ['notices', 'unread'] as const,
  list: ['notices', 'list'] as const,
  upcoming: ['notices', 'upcoming'] as const,
  settings: ['reminder-settings'] as const,
  preference: ['reminder-preference'] as const,
  channels: ['channels'] as const,
  outgoing: ['channels', 'outgoing'] as const,
};
