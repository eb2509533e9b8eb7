import { meaning } from './error-meaning.ts';

/** Of who one is and what one may do: sign-in, accounts, roles, requests. */
export const identityErrors = {
  'not-signed-in': meaning(401, '请先登录。', 'Sign in first.'),
  forbidden: meaning(
    403,
    '您没有权限这样做。如需要，请联系管理员。',
    'You are not allowed to do this. Ask an administrator if you need it.',
  ),
  'wrong-origin': meaning(
    403,
    '请求来自其他网站（{origin}），已拒绝。如果本系统通过代理访问，请设置 PUBLIC_URL。',
    'The request comes from another site ({origin}) and was refused. Behind a proxy, set PUBLIC_URL.',
  ),
  'sign-in-failed': meaning(401, '邮箱或密码不正确。', 'The e-mail address or the password is wrong.'),
  'sign-in-blocked': meaning(
    429,
    '登录失败次数过多，请在 {seconds} 秒后再试。',
    'Too many failed attempts to sign in. Try again in {seconds} seconds.',
  ),
  'code-wrong': meaning(
    401,
    '验证码不正确，或已经用过。请输入应用里最新的一个。',
    'The code is wrong or was used already. Enter the newest one of your app.',
  ),
  'code-expired': meaning(
    401,
    '这次登录已过期或尝试次数过多，请重新输入密码。',
    'This sign-in has expired or was tried too often. Enter your password again.',
  ),
  'passkey-failed': meaning(
    401,
    '通行密钥没有通过验证。请再试一次，或改用密码登录。',
    'The passkey was not accepted. Try again, or sign in with your password.',
  ),
  'password-wrong': meaning(403, '密码不正确，请重新输入。', 'The password is wrong. Enter it again.'),
  'sign-in-again': meaning(
    403,
    '为了安全，这项更改要在登录后 {minutes} 分钟内进行。请退出后重新登录。',
    'For safety this can be changed within {minutes} minutes of signing in. Sign out and in again.',
  ),
  'factor-needed': meaning(
    403,
    '您的角色要求两步验证。请先设置验证器或通行密钥。',
    'Your role asks for two factors. Set up an authenticator app or a passkey first.',
  ),
  'factor-exists': meaning(
    409,
    '验证器已经启用。要换手机，请先停用再重新设置。',
    'An authenticator app is in use already. To change phones, remove it and set it up again.',
  ),
  'factor-last': meaning(
    409,
    '您的角色要求两步验证，不能移除最后一个。请先添加另一个。',
    'Your role asks for two factors, so the last one can’t be removed. Add another one first.',
  ),
  'link-invalid': meaning(
    410,
    '链接无效：已用过、已过期，或不完整。请重新索取一个。',
    'This link is not valid: it was used, has expired, or is incomplete. Ask for a new one.',
  ),
  'sso-unavailable': meaning(
    503,
    '单点登录暂时不可用：连不上身份提供方，或其设置有误。请用密码登录，或联系管理员。',
    'Single sign-on is not available: the provider can’t be reached, or its settings are wrong. Use your password, or tell an administrator.',
  ),
  'sso-issuer': meaning(
    422,
    '身份提供方的地址应以 https:// 开头。',
    'The address of the provider begins with https://.',
  ),
  'public-url-needed': meaning(
    409,
    '请先设置环境变量 PUBLIC_URL（人们打开本系统的地址），再启用单点登录。',
    'Set the environment variable PUBLIC_URL, the address at which people open this system, before you switch on single sign-on.',
  ),
  'account-disabled': meaning(403, '该账号已停用，请联系管理员。', 'This account is disabled. Ask an administrator.'),
  'account-exists': meaning(409, '邮箱 {email} 已有账号。', 'There is already an account for {email}.'),
  'setup-done': meaning(
    409,
    '系统已完成初始设置，请直接登录。',
    'The system has already been set up. Sign in instead.',
  ),
  'not-set-up': meaning(
    409,
    '系统还没有初始化。请先打开页面创建账号，或运行 npx xianke init。',
    'The system is not set up yet. Open the page and make the first account, or run npx xianke init.',
  ),
  'view-as-reads': meaning(
    403,
    '您正以他人的身份查看，此时不能修改任何内容。请先退出查看。',
    'You are viewing as somebody else; nothing can be changed meanwhile. Leave the view first.',
  ),
  'role-held': meaning(
    409,
    '还有 {count} 人拥有该角色，请先为他们更换角色。',
    '{count} people have this role. Give them another one first.',
  ),
  'role-fixed': meaning(
    409,
    '该角色是系统自带的，不能这样修改。请复制后再改。',
    'This role is built in and can’t be changed this way. Make a copy and change that.',
  ),
  'role-invalid': meaning(422, '角色设置有误：{detail}', 'The role is not valid: {detail}'),
  'department-below': meaning(
    409,
    '部门不能放到自己的下级部门里；有下级部门的部门不能删除。',
    'A department can’t be below itself, and one with departments below can’t be removed.',
  ),
  'request-decided': meaning(409, '该申请已经处理过了。', 'This request has been decided already.'),
  'value-visible': meaning(
    409,
    '您已经能看到这个值，无需申请。',
    'You can see this value already; there is nothing to ask for.',
  ),
  'last-admin': meaning(409, '至少要保留一位管理员。', 'There must be at least one administrator left.'),
  'password-short': meaning(
    422,
    '密码至少 {min} 个字符，现在是 {length} 个。',
    'A password has at least {min} characters; this one has {length}.',
  ),
  'password-common': meaning(
    422,
    '这个密码太常见，容易被猜到，请换一个。',
    'This password is among the most common ones and easy to guess. Choose another.',
  ),
};
