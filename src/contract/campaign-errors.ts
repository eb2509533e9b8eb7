import { meaning } from './error-meaning.ts';

/** Errors of segments and campaigns. */
export const campaignErrors = {
  'campaign-begun': meaning(
    409,
    '活动已开始发送，不能再修改或删除。可以先暂停，或新建一个活动。',
    'This campaign has begun, so it can’t be changed or removed. Stop it, or make a new one.',
  ),
  'campaign-not-ready': meaning(
    409,
    '活动当前的状态不能这样操作，请刷新后再看。',
    'The campaign is not in a state in which this can be done. Reload and look again.',
  ),
  'campaign-nobody': meaning(
    422,
    '没有可以发送的人。请调整分群，或查看未能发送的原因。',
    'There is nobody to send to. Change the segment, or look at why people are left out.',
  ),
  'campaign-no-address': meaning(
    422,
    '字段 {field} 不能用来发送：邮件要用邮箱字段，短信要用电话字段，且不能是加密字段。',
    'Letters can’t go by the field {field}: mail needs a mail address, texts need a phone number, and the field must not be encrypted.',
  ),
  'campaign-no-purpose': meaning(
    422,
    '没有名为 {purpose} 的用途，或它已停用。请在“隐私”中查看用途。',
    'There is no purpose {purpose}, or it was retired. See the purposes under Privacy.',
  ),
  'campaign-no-segment': meaning(
    422,
    '选用的分群已删除，或不再共享给您。请另选一个。',
    'The segment was removed, or is not shared with you any more. Choose another one.',
  ),
  'campaign-too-many': meaning(
    422,
    '一次最多发给 {most} 人，请把分群拆小。',
    'A campaign goes to {most} people at most. Split the segment.',
  ),
  'campaign-sender-gone': meaning(
    409,
    '发起人已停用或不再有“营销活动”权限，发送已停下。有权限的同事点“继续”即可接手。',
    'The one who sent this can’t sign in any more, or may not send campaigns, so it stands still. A colleague who may can go on with it.',
  ),
  'campaign-refused': meaning(
    409,
    '审批没有通过，活动没有发送。可以修改后再次发送。',
    'The approval was not given, so nothing was sent. Change the campaign and send it again.',
  ),
  'campaign-empty-letter': meaning(422, '正文和邮件标题不能为空。', 'A letter needs a text, and mail a subject too.'),
  'sms-incomplete': meaning(
    422,
    '请填写短信服务商的地址，以及发送内容：一段 JSON，其中包含 {phone} 和 {text}。',
    'Give the provider’s address, and what is sent to it: JSON with {phone} and {text} in it.',
  ),
  'sms-not-set-up': meaning(
    409,
    '还没有设置短信通道。请管理员在“通知”中设置。',
    'Text messages are not set up. An administrator can do that under Notifications.',
  ),
};
