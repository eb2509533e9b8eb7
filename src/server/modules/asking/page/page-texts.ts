import { fill, type Lang } from '../../../../domain/issue.ts';

/** Words of the public page. Polite, short, for people who never heard of the product. */
export const PAGE_TEXTS = {
  title: { zh: '请确认您的资料', en: 'Please confirm your details' },
  intro: {
    zh: '{firm}登记了以下资料，请看看是否还正确。大约需要一分钟。',
    en: '{firm} has the following on record. Please see whether it is still right. It takes about a minute.',
  },
  masked: {
    zh: '为保护隐私，部分内容以 * 遮盖。',
    en: 'To protect your privacy, part of each value is hidden by *.',
  },
  right: { zh: '对', en: 'Right' },
  change: { zh: '改', en: 'Change' },
  gone: { zh: '不再使用', en: 'No longer used' },
  empty: { zh: '（未登记）', en: '(nothing on record)' },
  new: { zh: '正确的{label}', en: 'Correct: {label}' },
  choose: { zh: '请选择', en: 'Choose' },
  yes: { zh: '是', en: 'Yes' },
  no: { zh: '否', en: 'No' },
  several: { zh: '多个值用逗号分隔', en: 'Separate several by commas' },
  submit: { zh: '提交', en: 'Send' },
  all: { zh: '其余全部正确，提交', en: 'All the rest is right, send' },
  agree: { zh: '我已阅读并同意', en: 'I have read this and agree' },
  problems: { zh: '有 {n} 处需要您再看一下', en: 'Please look again at what is marked ({n})' },
  'need-answer': { zh: '请至少确认一项。', en: 'Please answer at least one item.' },
  'need-value': { zh: '请填写正确的{label}。', en: 'Please fill in the correct value for {label}.' },
  'need-consent': { zh: '请勾选同意后再提交。', en: 'Please tick the agreement before sending.' },
  'just-changed': {
    zh: '{label}刚刚被更新过，请再确认一次。',
    en: '{label} was updated just now. Please look at it once more.',
  },
  'try-again': {
    zh: '这些资料正被修改，请稍后再提交一次。',
    en: 'This is being changed right now. Please send again in a moment.',
  },
  'thanks-title': { zh: '谢谢您！', en: 'Thank you!' },
  thanks: {
    zh: '您的回复已收到。这个链接已经失效，可以关闭本页了。',
    en: 'Your answer has arrived. This link no longer works; you can close the page.',
  },
  'invalid-title': { zh: '这个链接不可用', en: 'This link does not work' },
  invalid: {
    zh: '它可能已经用过、过了有效期、被撤销，或者复制得不完整。如果是别人发给您的，请检查是否复制了整个链接。',
    en: 'It may have been used, have expired, have been withdrawn, or be incomplete. If someone sent it to you, check that you copied all of it.',
  },
  renew: { zh: '请对方发一个新链接', en: 'Ask for a new link' },
  'renewed-title': { zh: '已收到', en: 'Received' },
  renewed: {
    zh: '如果这个链接曾经发给您，联系人会收到通知，再给您发一个新的。',
    en: 'If this link was once sent to you, your contact has been told and will send you a new one.',
  },
  'blocked-title': { zh: '请稍后再试', en: 'Please try later' },
  blocked: {
    zh: '打开不可用链接的次数过多，请十五分钟后再试。',
    en: 'Too many links that do not work were opened from here. Try again in a quarter of an hour.',
  },
  other: { zh: 'English', en: '中文' },
} as const satisfies Record<string, Record<Lang, string>>;

type PageText = keyof typeof PAGE_TEXTS;

export const say = (key: PageText, lang: Lang, params: Record<string, string | number> = {}): string =>
  fill(PAGE_TEXTS[key][lang], params);
