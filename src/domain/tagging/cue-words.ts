/*
 * Words that decide whether what is said is denied. What precedes and what follows, and words that only look like a denial, after NegEx (Chapman et al.,
 * “A simple algorithm for identifying negated findings”, J. Biomed. Inform. 34, 2001); Chinese lists of our own.
 */

/** Denies what follows. With how much unknown text may lie between: Chinese characters, or words of other scripts. */
export const BEFORE: readonly (readonly [reach: number, words: string])[] = [
  [
    0,
    '不 别 勿 甭 不会 不太 不怎么 不要 不用 不必 不想 不再 从不 绝不 决不 毫不 并不 也不 都不 还不 又不 才不 不能 不可能 不打算 不需要 不至于 不曾',
  ],
  [
    2,
    '没 没有 没啥 没什么 无 毫无 并无 未 未曾 尚未 从未 从没 并未 并没有 也没有 也没 都没有 还没有 还没 没人 无人 无需 没说 未见 哪有 哪来 谁说 怎么会 怎么可能 缺乏',
  ],
  [
    4,
    '不是 并非 并不是 也不是 都不是 又不是 不算 算不上 谈不上 称不上 不存在 没有任何 不属于 绝非 绝不是 不能说 未必 不见得 不一定',
  ],
  [
    4,
    "not no never without neither nor none cannot don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't couldn't shouldn't hasn't haven't hadn't ain't hardly",
  ],
];

/** Denies what stands before it. */
export const AFTER =
  '不是问题 不成问题 不算问题 不是大问题 不是什么问题 不是什么大问题 不是主要问题 没问题 没有问题 没啥问题 没什么问题 不是事 不是事儿 不叫事 不是障碍 ' +
  '不存在 不成立 没有了 没了 已解决 已经解决 解决了 已取消 取消了 已撤销 撤销了 无所谓 不重要 不要紧 不在乎 不缺 不差 不愁 不紧张 不用担心 不必担心 不用愁 ' +
  '不是顾虑 不必考虑 不用考虑 不是重点 不是关键 不影响 充足 充裕';
export const AFTER_LATIN: readonly string[] = [
  'is not a problem',
  'is not an issue',
  'is not a concern',
  'is no problem',
  'is no issue',
  'is no concern',
  'not a problem',
  'not an issue',
  'not a concern',
  'no problem',
  'no issue',
  "isn't a problem",
  "isn't an issue",
  "isn't a concern",
  "aren't a problem",
  "aren't an issue",
  "doesn't matter",
  'does not matter',
  'is solved',
  'is resolved',
  'was resolved',
  'has been resolved',
  'is fine',
  'ruled out',
];

/** Contains a word of denial, and denies nothing. */
export const NEUTRAL =
  '不但 不仅 不仅仅 不光 不只 不单 不止 不管 不论 不得不 不能不 不可不 不会不 无不 非要 不如 不同 不错 不断 不少 不久 不妨 不料 不禁 不好意思 不由得 不可避免 不得了 ' +
  '特别 别的 别人 别家 别处 级别 类别 差别 区别 分别 告别 个别 性别 识别 辨别 鉴别 道别 离别 无论 无线 无锡 无疑 无非 无偿 无缝 非常 除非 是非 未来 未免 ' +
  '是不是 有没有 会不会 能不能 要不要 好不好 行不行 可不可以 愿不愿意 想不想 对不对 需不需要 没想到 没事 没关系';
export const NEUTRAL_LATIN: readonly string[] = [
  'not only',
  'not just',
  'not merely',
  'not to mention',
  'no doubt',
  'no wonder',
  'without doubt',
  'whether or not',
  'if not',
];

/** A new thought begins: what was denied before it says nothing about what comes. */
export const TURN =
  '但 但是 不过 可是 然而 只是 只不过 而是 却 反而 反倒 就是 主要是 因为 由于 所以 因此 导致 而且 并且 同时 另外 还是 否则 要不然 除了';
export const TURN_LATIN: readonly string[] = [
  ...['but', 'however', 'although', 'though', 'because', 'since', 'so', 'except', 'yet', 'instead', 'rather', 'only'],
  'which',
];

/** Lets a denial through: 不 [想再] 投诉, 没有 [收到任何] 投诉, 预算 [这块完全] 不是问题. */
export const BRIDGE =
  '的 了 过 着 得 地 是 有 在 会 要 想 再 太 很 更 最 多 大 小 都 也 还 又 就 才 并 倒 真 能 可以 可能 应该 打算 准备 愿意 肯 敢 必 曾 曾经 已 已经 现在 目前 其实 完全 根本 ' +
  '绝对 肯定 确实 实在 任何 什么 啥 一点 一点儿 一丝 这个 那个 这种 那种 这些 这 那 这块 那块 这方面 方面 上 里 来说 而言 问题 情况 怎么 怎样 那么 这么 如此 特别 非常 十分 ' +
  '觉得 认为 感觉 感到 表示 提 提到 提及 提出 说 说过 谈到 听说 听到 发现 出现 发生 发起 存在 收到 接到 遇到 看到 见到 产生 属于 担心 考虑 关于 因 因为 对于 对 把 被 去 来 ' +
  '和 与 及 以及 或 或者 、';
