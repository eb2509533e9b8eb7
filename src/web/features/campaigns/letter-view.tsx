import { useQuery } from '@tanstack/react-query';
import { api } from '../../../contract/api.ts';
import { fillPlaces, type Inline, parseLetter } from '../../../domain/campaigns/template.ts';
import { call } from '../../api/client.ts';
import { type CampaignInput, campaignKeys, type Letter } from './campaigns-api.ts';
import { useCampaignText } from './texts/words.ts';

/** The letter as its first reader gets it, while it is being written. */
export function LetterView({ input, variant }: { input: CampaignInput; variant: Letter }) {
  const t = useCampaignText();
  const letter = input.variants[variant === 'b' ? 1 : 0] ?? { subject: '', text: '' };
  const places = [...new Set(`${letter.subject} ${letter.text}`.match(/\{[a-z][a-z0-9_]*/g) ?? [])].join(' ');
  const { data } = useQuery({
    queryKey: [...campaignKeys.all, 'preview', input.audience, input.kind, input.lang, places],
    queryFn: ({ signal }) =>
      call(api.campaigns.preview, { body: { campaign: { ...input, name: input.name || '-' }, variant }, signal }),
  });
  const values = data?.values ?? {};
  const fill = (text: string) => fillPlaces(text, (name) => values[name]);
  const line = (parts: readonly Inline[]) =>
    parts.map((part, n) => {
      if ('link' in part)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have no name
          <span key={n} className="xk-campaign-letter-link">
            {fill(part.text)}
          </span>
        );
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line have no name
      if ('strong' in part) return <strong key={n}>{fill(part.strong)}</strong>;
      return fill(part.text);
    });
  const blocks = parseLetter(letter.text);
  return (
    <section className="xk-campaign-letter" aria-label={t('preview')}>
      <p className="xk-muted">
        {t('preview')} · {data?.title ? t('preview-of', { name: data.title }) : t('preview-none')}
      </p>
      {data && data.unknown.length > 0 && (
        <p className="xk-campaign-warn">
          {t('unknown-places', { names: data.unknown.map((name) => `{${name}}`).join(' ') })}
        </p>
      )}
      <div className="xk-campaign-letter-paper" lang={input.lang === 'zh' ? 'zh-CN' : 'en'}>
        {input.kind === 'mail' && <p className="xk-campaign-letter-subject">{fill(letter.subject) || '…'}</p>}
        {letter.text.trim() === '' && <p className="xk-muted">{t('preview-empty')}</p>}
        {input.kind === 'sms' ? (
          <p>{fill(letter.text)}</p>
        ) : (
          blocks.map((block, n) => {
            // biome-ignore-start lint/suspicious/noArrayIndexKey: paragraphs have no name
            if (block.is === 'heading')
              return (
                <p key={n} className="xk-campaign-letter-heading">
                  {line(block.line)}
                </p>
              );
            if (block.is === 'button')
              return (
                <p key={n}>
                  <span className="xk-campaign-letter-button">{fill(block.text)}</span>
                </p>
              );
            if (block.is === 'list')
              return (
                <ul key={n}>
                  {block.items.map((item, k) => (
                    <li key={k}>{line(item)}</li>
                  ))}
                </ul>
              );
            return (
              <p key={n}>
                {block.lines.map((one, k) => (
                  <span key={k} className="xk-campaign-letter-line">
                    {line(one)}
                  </span>
                ))}
              </p>
            );
            // biome-ignore-end lint/suspicious/noArrayIndexKey: paragraphs have no name
          })
        )}
        {input.kind === 'mail' && (
          <p className="xk-campaign-letter-foot">
            {t('foot-why', { firm: values.firm ?? '…' })}
            <br />
            {t('foot-stop')}
          </p>
        )}
      </div>
    </section>
  );
}
