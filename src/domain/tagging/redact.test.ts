import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redact } from './redact.ts';

const names = [
  { name: '杭州华信科技有限公司', as: '[客户]' },
  { name: '华信科技', as: '[客户]' },
  { name: '王小明', as: '[联系人]' },
];

it.each([
  ['华信科技的王小明说预算有限', '[客户]的[联系人]说预算有限'],
  ['杭州华信科技有限公司来电', '[客户]来电'],
  ['让李经理打 138-0013-8000', '让[某人]打 [号码]'],
  ['座机 0571-88886666 转 12', '座机 [号码] 转 12'],
  ['发到 wang.fang@example.com.cn 即可', '发到 [邮箱] 即可'],
  ['微信号：wangfang_88，加一下', '微信号[账号],加一下'],
  ['税号 91330200MA5RFY210A', '税号 [证件号]'],
  ['身份证１１０１０１１９９００３０７７７１５', '身份证[证件号]'],
  ['寄到，文三路478号3楼，谢谢', '寄到,[地址],谢谢'],
  ['见 https://example.com/a?b=1 的方案', '见 [网址] 的方案'],
  ['要 200 套，单价 3500 元，2026 年交货', '要 200 套,单价 3500 元,2026 年交货'],
])('%s → %s', (text, redacted) => {
  expect(redact(text, names).text).toBe(redacted);
});

it('no number, mail or known name gets through, wherever it stands', () => {
  const secret = fc.oneof(
    fc.constantFrom(
      '13800138000',
      '+86 138 0013 8000',
      'a.b@c.cn',
      '６２２２０２１２３４５６７８９０',
      ...names.map(({ name }) => name),
    ),
  );
  const filler = fc.string({ unit: fc.constantFrom('客', '户', '，', ' ', '。', 'a', '说'), maxLength: 12 });
  fc.assert(
    fc.property(filler, secret, filler, (before, what, after) => {
      const { text, replaced } = redact(`${before} ${what} ${after}`, names);
      expect(replaced).toBeGreaterThan(0);
      expect(text).not.toMatch(/\d{6}|@|华信|王小明/);
    }),
  );
});
