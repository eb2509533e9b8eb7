import type { Sentences } from '../issue.ts';

/** Sentences about numbers that name something: phones, mail, web, identity, bank. */
export const CODE_SENTENCES: Sentences = {
  'phone-form': { zh: '{field}不是电话号码（{value}）', en: '{field} is not a phone number ({value})' },
  'phone-length': {
    zh: '{field}应为 11 位，现在是 {length} 位（{value}）',
    en: '{field} must have 11 digits, now it has {length} ({value})',
  },
  'phone-scientific': {
    zh: '{field}被 Excel 变成了 {value}，原来的数字已丢失；请把该列设为“文本”后重新填写',
    en: 'Excel turned {field} into {value} and the digits are lost; format the column as text and enter it again',
  },
  'phone-area': {
    zh: '座机{field}缺区号（{value}），请写成 021-62345678',
    en: '{field} is a landline without area code ({value}); write it like 021-62345678',
  },
  'phone-landline': {
    zh: '座机{field}的位数不对（{value}），应为区号加 7 或 8 位号码，如 021-62345678',
    en: '{field} is not a whole landline number ({value}); it needs the area code and 7 or 8 digits, like 021-62345678',
  },
  'phone-zero': {
    zh: '{field}前面的 0 丢失了，已补为 {value}，请核对',
    en: '{field} had lost its first 0; repaired to {value}, please check',
  },
  'phone-area-unused': {
    zh: '{field}的区号 {area} 不在用（{value}），请核对',
    en: 'Area code {area} of {field} is not in use ({value}); check it',
  },
  'phone-prefix': {
    zh: '{field}的号段 {prefix} 尚未启用（{value}），请核对',
    en: 'Prefix {prefix} of {field} is not in use ({value}); check it',
  },
  'phone-several': {
    zh: '{field}里有 {count} 个号码（{value}），请只留一个，其余另填',
    en: '{field} holds {count} numbers ({value}); keep one here and put the others elsewhere',
  },
  'phone-text': {
    zh: '{field}里有文字“{text}”（{value}），请移到备注，这里只留号码',
    en: '{field} contains the text "{text}" ({value}); move it to the notes and leave the number',
  },
  'phone-mobile-extension': {
    zh: '手机号没有分机（{value}），请核对{field}',
    en: 'A mobile has no extension ({value}); check {field}',
  },
  'phone-international': {
    zh: '{field}不是有效的国际号码（{value}），请写成 +国家代码 号码，如 +1 415 555 2671',
    en: '{field} is not a valid international number ({value}); write +country code and number, like +1 415 555 2671',
  },

  'email-form': {
    zh: '{field}不是邮箱地址（{value}），应形如 name@company.com',
    en: '{field} is not an e-mail address ({value}); it should look like name@company.com',
  },
  'email-at': { zh: '{field}缺少 @（{value}）', en: '{field} lacks the @ ({value})' },
  'email-mark': {
    zh: '{field}里有空格或多余的标点（{value}），请删去',
    en: '{field} contains a space or a stray mark ({value}); remove it',
  },
  'email-several': {
    zh: '{field}里有多个地址（{value}），请只留一个',
    en: '{field} holds several addresses ({value}); keep one',
  },
  'email-slip': {
    zh: '{field}的域名 {value} 可能应为 {meant}，请核对',
    en: 'The domain {value} of {field} may be meant as {meant}; check it',
  },
  'url-form': {
    zh: '{field}不是网址（{value}），应形如 https://www.company.com',
    en: '{field} is not a web address ({value}); it should look like https://www.company.com',
  },

  'digits-lost': {
    zh: '{field}被当作数字，后几位已丢失（{value}）；请把该列设为“文本”后重新填写',
    en: '{field} was kept as a number and lost its last digits ({value}); format the column as text and enter it again',
  },
  'digits-doubtful': {
    zh: '{field}以多个 0 结尾（{value}），可能被 Excel 改过，请核对',
    en: '{field} ends in zeros ({value}) and may have been changed by Excel; check it',
  },

  'idcard-form': {
    zh: '{field}应为 18 位身份证号，看不懂“{value}”',
    en: '{field} must be an 18-character ID card number; "{value}" cannot be read',
  },
  'idcard-length': {
    zh: '{field}应为 18 位，现在是 {length} 位（{value}）',
    en: '{field} must have 18 characters, now it has {length} ({value})',
  },
  'idcard-place': {
    zh: '{field}的地区码 {place} 不存在（{value}），请核对前两位',
    en: 'Place code {place} of {field} does not exist ({value}); check the first two digits',
  },
  'idcard-birth': {
    zh: '{field}里的出生日期 {born} 不成立（{value}），请核对第 7 至 14 位',
    en: 'The date of birth {born} in {field} is not possible ({value}); check digits 7 to 14',
  },
  'idcard-check': {
    zh: '{field}的校验码不对（{value}），可能有一位写错',
    en: 'The check character of {field} is wrong ({value}); one digit may be mistyped',
  },
  'idcard-upgraded': {
    zh: '{field}是 15 位旧号，已升为 18 位 {value}，请核对',
    en: '{field} was a 15-digit number of the first generation; upgraded to {value}, please check',
  },

  'uscc-form': {
    zh: '{field}应为 18 位统一社会信用代码，看不懂“{value}”',
    en: '{field} must be an 18-character unified social credit code; "{value}" cannot be read',
  },
  'uscc-length': {
    zh: '{field}应为 18 位，现在是 {length} 位（{value}）',
    en: '{field} must have 18 characters, now it has {length} ({value})',
  },
  'uscc-character': {
    zh: '{field}里不会有“{character}”（{value}）：代码不用 I、O、S、V、Z',
    en: '{field} cannot contain "{character}" ({value}): the code has no I, O, S, V, Z',
  },
  'uscc-check': {
    zh: '{field}的校验码不对（{value}），可能有一位写错',
    en: 'The check character of {field} is wrong ({value}); one character may be mistyped',
  },
  'uscc-old': {
    zh: '{field}是旧的营业执照注册号（{value}），请填 18 位统一社会信用代码',
    en: '{field} is an old business licence number ({value}); enter the 18-character unified social credit code',
  },
  'uscc-organisation': {
    zh: '{field}是 9 位组织机构代码（{value}），请填 18 位统一社会信用代码',
    en: '{field} is a 9-character organisation code ({value}); enter the 18-character unified social credit code',
  },
  'uscc-repaired': {
    zh: '{field}里的字母 I、O、S、V、Z 已改为相近的字符，存为 {value}，请核对',
    en: 'Letters I, O, S, V, Z in {field} were read as their look-alikes; stored as {value}, please check',
  },

  'bank-form': {
    zh: '{field}应只有数字，看不懂“{value}”',
    en: '{field} must be digits only; "{value}" cannot be read',
  },
  'bank-length': {
    zh: '{field}应为 8 到 32 位数字，现在是 {length} 位（{value}）',
    en: '{field} must have 8 to 32 digits, now it has {length} ({value})',
  },
  'bank-check': {
    zh: '{field}的校验位不对（{value}），可能有一位写错',
    en: 'The check digit of {field} is wrong ({value}); one digit may be mistyped',
  },
  'bank-check-doubtful': {
    zh: '{field}如果是银行卡号，校验位不对（{value}），请核对',
    en: 'If {field} is a card, its check digit is wrong ({value}); check it',
  },
};
