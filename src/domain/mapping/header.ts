/**
 * The part of a header that says what it is: `*客户名称（必填）` → `客户名称`, `Phone No.` → `phone no`, `手机号码 [11位]` → `手机号码`.
 * Both a file's headers and the declared synonyms go through it, so that they meet.
 */
export function normaliseHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[(（[【<《{].*?[)）\]】>》}]/g, ' ')
    .replace(/[\s\p{P}\p{S}]+/gu, ' ')
    .trim()
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}
