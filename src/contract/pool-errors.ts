import { meaning } from './error-meaning.ts';

/** Why a record does not come out of the pool, or a rule can't be kept. */
export const poolErrors = {
  'pool-none': meaning(404, '这个对象没有公海。', 'This object has no pool.'),
  'pool-taken': meaning(409, '已经被别人领走了，请刷新后再看。', 'Somebody else has taken it. Reload and look again.'),
  'pool-most': meaning(
    409,
    '你负责的已经达到上限 {limit} 条，先释放一些再领取。',
    'You own {limit} already, the most there may be. Give some up first.',
  ),
  'pool-day': meaning(
    409,
    '今天已经领取了 {limit} 条，明天再来。',
    'You have taken {limit} today. Come back tomorrow.',
  ),
  'pool-cooling': meaning(
    409,
    '这条是从你手里回到公海的，{day} 之后才能再领取。',
    'This went back to the pool from you. You can take it again after {day}.',
  ),
  'pool-not-owner': meaning(403, '只有负责人能把它放进公海。', 'Only who owns it can put it into the pool.'),
  'pool-rule': meaning(
    422,
    '规则“{name}”不完整：请检查对象、跟进记录和条件。',
    'The rule “{name}” is not complete: check its object, what counts as contact, and its conditions.',
  ),
} as const;
