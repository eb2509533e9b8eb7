import { bad, excerpt, good, NOTHING, rawCode } from './outcome.ts';
import type { FieldType } from './types.ts';

const HOST = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]*\p{L}$|^\d{1,3}(?:\.\d{1,3}){3}$/u;

/** http and https only. A scheme is added where none was typed; the host is lower case; a lone `/` at the end goes. */
export const url: FieldType = {
  name: 'url',
  label: { zh: '网址', en: 'Web address' },
  kind: 'text',
  column: 'text',
  parse(raw) {
    const code = rawCode(raw);
    if (code === undefined) return bad('url-form', { value: excerpt(raw) });
    if (code === '') return NOTHING;
    const match = /^(?:(https?):\/\/)?([^/?#\s:@]+)(:\d{1,5})?([/?#]\S*)?$/i.exec(code);
    if (!match) return bad('url-form', { value: excerpt(code) });
    const [, scheme = 'https', host = '', port = '', rest = ''] = match;
    const lower = host.toLowerCase();
    if (!HOST.test(lower)) return bad('url-form', { value: excerpt(code) });
    return good(`${scheme.toLowerCase()}://${lower}${port}${rest === '/' ? '' : rest}`);
  },
  format: (value) => (typeof value === 'string' ? value : ''),
};
