import { meaning } from './error-meaning.ts';

/** Errors of apps, keys and their scopes. */
export const appErrors = {
  'scope-missing': meaning(
    403,
    '此密钥或应用的授权范围不包括这项操作。请换用范围更大的授权。',
    'This is outside the scopes of the key or app. Use one that was given more.',
  ),
  'session-needed': meaning(
    403,
    '这项操作只能由本人登录页面后进行，不能用密钥或应用代办。',
    'Only the person, signed in to the page, can do this; a key or an app can’t.',
  ),
  'scope-invalid': meaning(422, '没有名为“{scope}”的授权范围。', 'There is no scope “{scope}”.'),
  'app-unknown': meaning(
    404,
    '没有这个应用，或它已被停用。请联系提供链接的一方。',
    'There is no such app, or it was disabled. Ask those who gave you the link.',
  ),
  'redirect-unknown': meaning(
    422,
    '返回地址与应用登记的不一致，已拒绝。请联系应用的开发者。',
    'The address to return to is not one that the app registered, so this was refused. Tell the app’s developers.',
  ),
  'redirect-invalid': meaning(
    422,
    '返回地址 {uri} 不可用：须为 https，或本机的 http://127.0.0.1，或应用自有协议（如 com.example.app:/back），且不含 #。',
    'The address {uri} can’t be returned to: use https, http://127.0.0.1 for programs on this machine, or an own scheme such as com.example.app:/back, without #.',
  ),
  'app-no-way': meaning(
    422,
    '请至少填写一个返回地址，或选择以谁的身份运行。',
    'Give at least one address to return to, or choose whom the app acts as.',
  ),
  'app-no-secret': meaning(
    422,
    '没有密钥的应用（手机、桌面程序）不能以固定身份运行，请登记为有密钥的应用。',
    'An app without a secret (phone, desktop) can’t act by itself as somebody. Register it with a secret.',
  ),
};
