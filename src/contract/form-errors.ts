import { meaning } from './error-meaning.ts';

/** Errors of public forms. */
export const formErrors = {
  'form-wrong': meaning(422, '表单还不能发布：{detail}。', 'The form can’t be published yet: {detail}.'),
  'form-in-use': meaning(
    409,
    '已经有人填过这张表单，不能删除；可以停止接收。',
    'Something came in through this form, so it can’t be deleted. Close it instead.',
  ),
  'form-decided': meaning(
    409,
    '这份填写已由他人处理，请刷新查看。',
    'Somebody has dealt with this already. Reload to see.',
  ),
  'form-known-meanwhile': meaning(
    409,
    '找到了可能是同一客户的记录，请先看一看，再决定新建还是归入。',
    'A record was found that may be the same. Look at it, then make a new one or add to it.',
  ),
  'form-refused': meaning(422, '不能写入：{detail}', 'This can’t be written: {detail}'),
};
