import { CheckOutlined, CopyOutlined, MailOutlined } from '@ant-design/icons';
import { Button, QRCode } from 'antd';
import { useState } from 'react';
import { useDark } from '../../ui/theme.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useAskingText } from './texts.ts';

export interface MadeLink {
  recipient: string;
  name: string;
  way: 'mail' | 'link';
  url: string;
}

/** The links, this once: to copy, or to scan. */
export function MadeLinks({ links, words, onDone }: { links: MadeLink[]; words?: string; onDone(): void }) {
  const t = useAskingText();
  return (
    <div className="xk-ask">
      <p className="xk-muted">{t('made-hint')}</p>
      <ul className="xk-made">
        {links.map((link) => (
          <Made key={link.recipient} link={link} words={words} />
        ))}
      </ul>
      <div className="xk-made-done">
        <Button type="primary" onClick={onDone}>
          {t('done')}
        </Button>
      </div>
    </div>
  );
}

function Made({ link, words }: { link: MadeLink; words: string | undefined }) {
  const t = useAskingText();
  const toasts = useToasts();
  const dark = useDark();
  const [copied, setCopied] = useState(false);
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    toasts.success(t('copied'));
  };
  return (
    <li>
      <div className="xk-made-text">
        <strong>{link.name}</strong>
        {link.way === 'mail' && (
          <span className="xk-muted">
            <MailOutlined /> {t('made-mailed')}
          </span>
        )}
        <code>{link.url}</code>
        <div className="xk-made-actions">
          <Button size="small" icon={copied ? <CheckOutlined /> : <CopyOutlined />} onClick={() => void copy(link.url)}>
            {t('copy')}
          </Button>
          {words !== undefined && (
            <Button size="small" onClick={() => void copy(greeting(words, link))}>
              {t('copy-words')}
            </Button>
          )}
        </div>
      </div>
      <div className="xk-made-code">
        {/* Dark on light in both themes: many scanners read no inverted codes. */}
        <QRCode
          aria-label={t('qr', { name: link.name })}
          type="svg"
          value={link.url}
          size={132}
          bordered={false}
          color="#000000"
          bgColor="#ffffff"
          errorLevel="M"
          marginSize={dark ? 2 : 0}
        />
      </div>
    </li>
  );
}

/** The letter for a chat: name and link filled in, and lines that are for mail only left out. */
function greeting(words: string, { name, url }: MadeLink): string {
  return words
    .split('\n')
    .filter((line) => !/\{(sender|days)\}/.test(line))
    .join('\n')
    .replaceAll('{name}', name)
    .replaceAll('{company}', '')
    .replaceAll('{link}', url)
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
