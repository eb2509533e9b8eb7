import { meaning } from './error-meaning.ts';

/** Errors of encrypted fields and of the keys that open them. */
export const encryptionErrors = {
  'master-key-missing': meaning(
    503,
    '主密钥 {id} 不在这台服务器上，暂时不能写入加密字段。请把它放回数据目录的 master.keys 或环境变量 XIANKE_MASTER_KEY。',
    'Master key {id} is not on this server, so encrypted fields can’t be written for now. Put it back into master.keys of the data directory or XIANKE_MASTER_KEY.',
  ),
  'master-key-malformed': meaning(
    500,
    '主密钥不完整：每一个都应是 32 字节的 base64。请检查 master.keys 或环境变量 XIANKE_MASTER_KEY。',
    'A master key is cut short: each is 32 bytes in base64. Check master.keys or XIANKE_MASTER_KEY.',
  ),
  'master-key-given': meaning(
    409,
    '主密钥由环境变量提供：请在 XIANKE_MASTER_KEY 的最前面加上新密钥，重启后再轮换；旧密钥也在那里删除。',
    'Master keys are given by the environment: put a new one in front in XIANKE_MASTER_KEY, start again, then rotate. Old ones are removed there too.',
  ),
  'master-key-needed': meaning(
    409,
    '还有 {count} 把数据密钥要用它打开，不能删除。请等轮换完成。',
    '{count} data keys are still wrapped with it, so it can’t be deleted. Wait for the rotation to finish.',
  ),
  'master-key-unknown': meaning(404, '没有编号为 {id} 的主密钥。', 'There is no master key {id}.'),
  'rotation-running': meaning(409, '轮换正在进行，请等它完成。', 'A rotation is under way. Wait for it to finish.'),
  'rotation-nothing': meaning(
    409,
    '还没有任何加密的值，没有密钥要轮换。',
    'Nothing is encrypted yet, so there is no key to rotate.',
  ),
  'encryption-locked': meaning(
    503,
    '打开加密字段的主密钥不在这台服务器上，暂时不能按加密字段查找。请联系管理员。',
    'The master key that opens encrypted fields is not on this server, so they can’t be looked up by for now. Ask an administrator.',
  ),
  'encrypt-type': meaning(
    422,
    '这种字段不能加密：数字、日期、选项、人员和关联要用来排序、统计和判断。能加密的是文本、电话、邮箱、网址、地址、证件号和银行账号。',
    'A field of this type can’t be encrypted: numbers, dates, choices, people and relations are sorted, counted and decided by. Text, phone, mail, link, address, ID and bank numbers can be.',
  ),
  'encrypt-title': meaning(
    422,
    '标题字段不能加密：列表、搜索和关联都靠它认出记录。',
    'The title can’t be encrypted: lists, search and relations know a record by it.',
  ),
  'encrypt-rule': meaning(
    422,
    '查重规则“{rule}”要比较这个字段，加密后就比不出来了。请先停用或修改这条规则。',
    'The rule for duplicates “{rule}” compares this field, and encrypted values can’t be compared. Switch the rule off or change it first.',
  ),
  'field-moving': meaning(
    409,
    '“{field}”的值正在转换，请等完成后再改加密设置或唯一性。',
    'Values of “{field}” are being moved. Wait before its encryption or uniqueness is changed.',
  ),
} as const;
