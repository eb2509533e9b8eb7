import { fill, type Lang } from '../../../../domain/issue.ts';

/** Words of public forms, for people who never heard of the product. */
const TEXTS = {
  must: { zh: '必填', en: 'required' },
  submit: { zh: '提交', en: 'Send' },
  wait: { zh: '正在验证，马上就好…', en: 'Checking, one moment…' },
  noscript: {
    zh: '您的浏览器没有启用脚本（JavaScript），这张表单无法提交。请在浏览器设置中启用后刷新本页，或换一个浏览器打开；也可以直接与我们联系。',
    en: 'Scripts (JavaScript) are switched off in your browser, so this form can’t be sent. Switch them on and reload, use another browser, or contact us directly.',
  },
  trap: { zh: '请不要填写此项', en: 'Leave this empty' },
  agree: { zh: '我已阅读并同意', en: 'I have read this and agree' },
  sensitive: {
    zh: '“{fields}”属于敏感个人信息，仅用于上述目的。不填写不影响提交其他内容。',
    en: '{fields}: sensitive personal information, used for the purpose above only. You can leave it empty and still send the rest.',
  },
  'agree-sensitive': {
    zh: '我单独同意处理这些敏感信息',
    en: 'I agree separately to the use of these sensitive details',
  },
  'need-consent': { zh: '请勾选同意后再提交。', en: 'Please tick the agreement before sending.' },
  'need-sensitive': {
    zh: '填写了敏感信息，请勾选单独同意，或把它清空。',
    en: 'You gave sensitive details: tick the separate agreement, or clear them.',
  },
  problems: { zh: '有 {n} 处需要您再看一下', en: 'Please look again at what is marked ({n})' },
  empty: { zh: '请先填写内容再提交。', en: 'Please fill something in first.' },
  proof: {
    zh: '安全验证没有完成，您填的内容都还在。请等几秒，再点一次“提交”；如果仍然不行，请启用浏览器的脚本（JavaScript）。',
    en: 'The safety check was not finished; all you typed is still here. Wait a few seconds and send again. If that fails, switch on scripts (JavaScript) in your browser.',
  },
  stale: {
    zh: '页面打开得太久了，您填的内容都还在，请再点一次“提交”。',
    en: 'This page was open for too long. All you typed is still here; please send again.',
  },
  again: {
    zh: '刚才已经提交过一次。如果要再提交一份，请再点一次“提交”。',
    en: 'This was sent once already. To send another one, press the button again.',
  },
  busy: {
    zh: '现在填写的人很多，您填的内容都还在，请 {seconds} 秒后再提交。',
    en: 'Many people are sending right now. All you typed is still here; please send again in {seconds} seconds.',
  },
  address: {
    zh: '这个网络提交的次数较多，您填的内容都还在，请 {seconds} 秒后再提交。',
    en: 'Much has come from this network. All you typed is still here; please send again in {seconds} seconds.',
  },
  'thanks-title': { zh: '已收到，谢谢您！', en: 'Received. Thank you!' },
  'thanks-more': { zh: '再填一份', en: 'Fill in another one' },
  'closed-title': { zh: '已经停止接收', en: 'This form is closed' },
  closed: {
    zh: '这张表单不再接收新的填写。如有需要，请直接与我们联系。',
    en: 'Nothing more can be sent here. Please contact us directly.',
  },
  'full-title': { zh: '名额已满', en: 'No more places' },
  full: {
    zh: '这张表单已收满，暂时不能再提交。如有需要，请直接与我们联系。',
    en: 'As many as could be taken have come in. Please contact us directly.',
  },
  'unknown-title': { zh: '没有这张表单', en: 'There is no such form' },
  unknown: {
    zh: '地址可能不完整，或表单已被删除。请检查链接，或重新扫描二维码。',
    en: 'The address may be incomplete, or the form was deleted. Check the link, or scan the code again.',
  },
} as const satisfies Record<string, Record<Lang, string>>;

export type FormText = keyof typeof TEXTS;

export const say = (key: FormText, lang: Lang, params: Record<string, string | number> = {}): string =>
  fill(TEXTS[key][lang], params);
