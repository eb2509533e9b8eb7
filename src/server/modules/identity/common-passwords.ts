/**
 * Passwords of eight and more characters that lead every published list of leaked ones, worldwide and in China
 * (after OWASP ASVS 5.0 6.2.4: the most common ones that fit the length rule). Lower case.
 */
const COMMON = new Set(
  `12345678 123456789 1234567890 12345678910 0123456789 01234567 87654321 987654321 9876543210 123123123 1234512345
  11111111 111111111 1111111111 00000000 000000000 0000000000 22222222 33333333 55555555 66666666 77777777 88888888
  888888888 8888888888 99999999 999999999 11223344 1122334455 112233445566 12341234 12344321 12121212 13131313 10101010
  123321123 123456123 123456789a 123456789q 123456789abc 1234567a 12345678a 12345678q 12345678abc 1234qwer 123qweasd
  123qwe123 123qwe456 12qwaszx 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 1qaz1qaz qazwsxedc
  qazwsx123 q1w2e3r4 q1w2e3r4t5 qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwerty12345 qwer1234 qweasdzxc
  qwe123456 qweqweqwe asdfghjk asdfghjkl asdf1234 asdfasdf asd123456 zxcvbnm1 zxcvbnm123 zxc123456 zaq12wsx !qaz2wsx
  password password1 password12 password123 password1234 password! passw0rd p@ssw0rd p@ssword p@$$w0rd pass1234
  passwort passwords letmein1 letmein123 welcome1 welcome123 welcome@123 admin123 admin1234 admin12345 admin123456
  admin@123 admin888 adminadmin administrator root1234 root123456 rootroot test1234 test12345 test123456 testtest
  guest123 user1234 user123456 changeme changeme1 changeme123 default1 secret123 master123 manager1 system123
  iloveyou iloveyou1 iloveyou2 iloveyou520 iloveu520 iloveyou1314 sunshine sunshine1 princess princess1 football
  football1 baseball baseball1 superman superman1 batman123 pokemon1 starwars whatever trustno1 michelle jennifer
  computer computer1 internet liverpool chelsea1 charlie1 jordan23 samsung1 nintendo corvette mercedes ferrari1
  midnight butterfly elephant dolphin1 hello123 hello1234 helloworld abcd1234 abcd12345 abcdefgh abcdefg1 abcdefg123
  abc12345 abc123456 abc123456789 abcabcabc abc123abc aabbccdd aa123456 aa123456789 aa12345678 a1234567 a12345678
  a123456789 a1b2c3d4 a1b2c3d4e5 as123456 asdasd123 q1234567 q12345678 q123456789 qq123456 qq123456789 qq5201314
  w123456789 x123456789 z123456789 zz123456 wang123456 zhang123 zhang123456 li123456 liu123456 chen123456 yang123456
  woaini123 woaini520 woaini521 woaini1314 woaini5201314 woaiwoai woaiwojia woaini1234 5201314520 52013141 5201314a
  a5201314 wo5201314 ww5201314 aini1314 aiwo1314 13145200 13141314 1314520a 147258369 1472583690 147852369 159357456
  159753456 741852963 789456123 789456123a 963852741 258369147 321654987 456789123 31415926 3141592653 314159265358979
  20082008 20002000 19491001 19900101 19880808 20080808 86868686 16888888 168168168 518518518 520520520 52052000
  521521521 13800138000 13888888888 xiaoming123 nihao123 nihao1234 nihaoma123 zhongguo zhongguo1 woshishui
  woaizhongguo beijing2008 shanghai1 aptx4869 dearbook taobao123 alibaba123 tencent123 huawei123 huawei@123
  xianke123 xianke1234 xianke12345 xianke123456 kehu1234 crm12345 crm123456`.split(/\s+/),
);

/** Is this one of the passwords everybody tries first, one character repeated, or the person's own address? */
export function isCommon(password: string, email: string): boolean {
  const plain = password.toLowerCase();
  const [name = ''] = email.toLowerCase().split('@');
  return COMMON.has(plain) || new Set(plain).size <= 2 || plain === email.toLowerCase() || plain === name;
}
