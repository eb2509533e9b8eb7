import { useMutation } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useId, useState } from 'react';
import { api } from '../../../contract/api.ts';
import type { ExportView } from '../../../contract/exports.ts';
import { upload } from '../../api/client.ts';
import { sentence } from '../../api/errors.ts';
import { useCatalog } from '../../api/query.ts';
import { useDateFormat } from '../../api/use-date-format.ts';
import { useNoun } from '../../i18n/core.ts';
import { useExportText } from './texts.ts';
import './exports.css';

/** Who took this out? Of a file, or a pasted piece of one. */
export function Trace() {
  const t = useExportText();
  const id = useId();
  const [text, setText] = useState('');
  const line = useExportLine();
  const trace = useMutation({ mutationFn: (file: Blob) => upload(api.exports.trace, { file }) });
  const { data } = trace;
  return (
    <section className="xk-card xk-trace">
      <p className="xk-muted">{t('trace-hint')}</p>
      <div className="xk-form-row">
        <label htmlFor={`${id}f`}>{t('trace-file')}</label>
        <input
          id={`${id}f`}
          type="file"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) trace.mutate(file);
          }}
        />
      </div>
      <div className="xk-form-row">
        <label htmlFor={`${id}t`}>{t('trace-text')}</label>
        <textarea
          id={`${id}t`}
          className="xk-plain-input"
          rows={4}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </div>
      <div>
        <Button
          type="primary"
          loading={trace.isPending}
          disabled={text.trim() === ''}
          onClick={() => trace.mutate(new Blob([text]))}
        >
          {t('trace-go')}
        </Button>
      </div>
      {trace.error && <Alert type="error" showIcon title={sentence(trace.error)} />}
      {data && (
        <div role="status">
          <h2>{data.marked.length > 0 ? t('marked') : t('marked-none')}</h2>
          <ul>
            {data.marked.map((one) => (
              <li key={one.export.id}>
                <strong>{line(one.export)}</strong>
                <br />
                <span className="xk-muted">
                  {one.by.map((sign) => t(`by-${sign}`, { n: one.count })).join(t('comma'))}
                </span>
              </li>
            ))}
          </ul>
          <p>{data.recognised > 0 ? t('covering', { n: data.recognised }) : t('covering-none')}</p>
          <ul>
            {data.covering.map((one) => (
              <li key={one.export.id}>
                {line(one.export)} <span className="xk-muted">{t('found', { n: one.found })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function useExportLine(): (one: ExportView) => string {
  const t = useExportText();
  const noun = useNoun();
  const { objects } = useCatalog();
  const moment = useDateFormat({ dateStyle: 'medium', timeStyle: 'short' });
  return ({ actorName, at, object, rows, code }) =>
    t('line', {
      name: actorName,
      at: moment.format(new Date(at)),
      object: noun(objects.find((one) => one.name === object)?.plural) || object,
      rows: rows?.toLocaleString() ?? '–',
      code,
    });
}
