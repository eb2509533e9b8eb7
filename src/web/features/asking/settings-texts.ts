import { defineTexts } from '../../i18n/core.ts';

export const useAskingSettingsText = defineTexts(
  'asking-settings',
  {
    title: '请客户确认',
    answers: '客户的更正',
    'answers-apply': '立即生效（受保护和敏感字段仍需审核）',
    'answers-hold': '先审核，再生效',
    'expire-days': '链接有效天数',
    'remind-days': '几天未回复再提醒（0 为不提醒）',
    consent: '客户确认前同意的内容',
    'language-hint': '以下内容按当前界面语言编辑；切换语言可编辑另一种。',
    template: '信件与问候语',
    subject: '主题',
    body: '正文',
    saved: '已保存',
  },
  {
    title: 'Asking customers',
    answers: "Customers' corrections",
    'answers-apply': 'take effect at once (protected and sensitive fields are reviewed all the same)',
    'answers-hold': 'are reviewed first',
    'expire-days': 'Links are valid for days',
    'remind-days': 'Remind after days without an answer (0: never)',
    consent: 'What the customer agrees to',
    'language-hint': 'These texts are edited in the language of the page; switch it to edit the other.',
    template: 'Letters and greetings',
    subject: 'Subject',
    body: 'Text',
    saved: 'Saved',
  },
);
