import { meaning } from './error-meaning.ts';

/** Errors of tags found in texts, and of customer value. */
export const tagErrors = {
  'tag-dictionary-changed': meaning(
    409,
    '词典已被他人修改，请刷新后再改。',
    'Someone else changed the dictionary meanwhile. Reload and make your change again.',
  ),
  'tag-entry-wrong': meaning(422, '“{tag}”不能保存：{detail}', '“{tag}” can’t be saved: {detail}'),
  'tag-run-going': meaning(
    409,
    '已有一次全部检查在进行或等您确认，请先完成或取消它。',
    'A look through all texts is under way or waits for your answer. Finish or cancel it first.',
  ),
  'tag-run-not-ready': meaning(
    409,
    '这次检查还没有完成，或已经处理过了。请刷新查看。',
    'This look is not finished, or was dealt with. Reload to see.',
  ),
  'value-settings-changed': meaning(
    409,
    '客户价值的设置已被他人修改，请刷新后再改。',
    'Someone else changed the settings of customer value meanwhile. Reload and make your change again.',
  ),
};
