import { Card } from '../../ui/page.tsx';
import type { Import, ImportSettings } from './mapping.ts';
import { useImportText } from './texts.ts';

const encodings = ['utf-8', 'gb18030', 'gbk', 'big5', 'utf-16le'];
const delimiters = [',', ';', '\t', '|'];

/** What the file turned out to be. Whatever was recognised wrongly is put right here; the file is then read again. */
export function ReadSummary({
  data,
  settings,
  onReread,
}: {
  data: Import;
  settings: ImportSettings;
  onReread: (change: Partial<ImportSettings>) => void;
}) {
  const t = useImportText();
  const isText = data.encoding !== null && !/xls|json|vcf|vcard/i.test(data.format ?? '');
  const known =
    data.encoding && !encodings.includes(data.encoding.toLowerCase()) ? [data.encoding, ...encodings] : encodings;
  return (
    <Card title={t('read')}>
      <dl className="xk-read">
        <div>
          <dt>{t('format')}</dt>
          <dd>{(data.format ?? '').toUpperCase() || '—'}</dd>
        </div>
        {isText && (
          <div>
            <dt>{t('encoding')}</dt>
            <dd>
              <Choice
                label={t('encoding')}
                value={settings.encoding ?? data.encoding ?? 'utf-8'}
                options={known.map((value) => ({ value, label: value.toUpperCase() }))}
                onChange={(encoding) => onReread({ encoding })}
              />
            </dd>
          </div>
        )}
        {isText && settings.delimiter !== undefined && (
          <div>
            <dt>{t('delimiter')}</dt>
            <dd>
              <Choice
                label={t('delimiter')}
                value={settings.delimiter}
                options={delimiters.map((value) => ({ value, label: value === '\t' ? t('tab') : value }))}
                onChange={(delimiter) => onReread({ delimiter })}
              />
            </dd>
          </div>
        )}
        {data.sheets.length > 1 && (
          <div>
            <dt>{t('sheet')}</dt>
            <dd>
              <Choice
                label={t('sheet')}
                value={settings.sheet ?? data.sheets[0]?.name}
                options={data.sheets.map((sheet) => ({
                  value: sheet.name,
                  label: `${sheet.name}${sheet.hidden ? t('sheet-hidden') : ''}${sheet.rows === undefined ? '' : ` · ${t('sheet-rows', { n: sheet.rows })}`}`,
                }))}
                onChange={(sheet) => onReread({ sheet })}
              />
            </dd>
          </div>
        )}
        {settings.headerRow !== undefined && (
          <div>
            <dt>{t('header-row')}</dt>
            <dd>
              <input
                className="xk-plain-input xk-small-input xk-num"
                type="number"
                aria-label={t('header-row')}
                title={t('header-row-hint')}
                min={0}
                max={100}
                defaultValue={settings.headerRow}
                onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
                onBlur={(event) => {
                  const row = Number(event.target.value);
                  if (Number.isInteger(row) && row >= 0 && row <= 100 && row !== settings.headerRow)
                    onReread({ headerRow: row });
                }}
              />
            </dd>
          </div>
        )}
      </dl>
      {data.notices.length > 0 && (
        <div className="xk-notices">
          <h3>{t('notices')}</h3>
          <ul>
            {data.notices.map((notice) => (
              <li key={notice.code + notice.message}>{notice.message}</li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  return (
    <select
      className="xk-plain-input xk-small-input"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
