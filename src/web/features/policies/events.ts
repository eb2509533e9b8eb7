import type { Label } from '../../../domain/issue.ts';

/** Events after which a field can be checked at once; kinds of evidence of the server (its table has the figures). */
export const EVENTS: readonly { kind: string; label: Label }[] = [
  { kind: 'after-call', label: { zh: '电话沟通', en: 'a call' } },
  { kind: 'after-visit', label: { zh: '拜访', en: 'a visit' } },
  { kind: 'project-started', label: { zh: '项目启动', en: 'project start' } },
  { kind: 'contract-signed', label: { zh: '签约', en: 'signing' } },
  { kind: 'after-payment', label: { zh: '付款', en: 'a payment' } },
  { kind: 'after-delivery', label: { zh: '交付', en: 'delivery' } },
  { kind: 'after-service', label: { zh: '售后服务', en: 'service' } },
];
