import { CopyOutlined, ExportOutlined, PrinterOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, QRCode } from 'antd';
import { useToasts } from '../../ui/toasts.tsx';
import type { FormView } from './forms-api.ts';
import { useFormsText } from './texts.ts';

/** Address, QR code and the lines that put the form into a site. */
export function FormShare({ form }: { form: FormView }) {
  const t = useFormsText();
  const toasts = useToasts();
  if (form.state !== 'open') return <p className="xk-muted">{t('share-first')}</p>;
  const { name, sites } = form.design;
  const embed = `<iframe src="${form.url}" title="${name.replaceAll('"', '&quot;')}" loading="lazy" style="width:100%;height:720px;border:0"></iframe>`;
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text);
    toasts.success(t('copied'));
  };
  return (
    <div className="xk-form-share">
      <div>
        <h2>{t('link')}</h2>
        <code>{form.url}</code>
        <p className="xk-form-actions">
          <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(form.url)}>
            {t('copy')}
          </Button>
          <Button size="small" icon={<ExportOutlined />} href={form.url} target="_blank">
            {t('open')}
          </Button>
          <Link className="xk-form-poster-link" to="/forms/$id/poster" params={{ id: form.id }} target="_blank">
            <PrinterOutlined /> {t('poster')}
          </Link>
        </p>
        <h2>{t('embed')}</h2>
        {sites.length === 0 ? (
          <p className="xk-muted">{t('embed-first')}</p>
        ) : (
          <>
            <code>{embed}</code>
            <p className="xk-form-actions">
              <Button size="small" icon={<CopyOutlined />} onClick={() => void copy(embed)}>
                {t('copy-embed')}
              </Button>
            </p>
          </>
        )}
      </div>
      <FormCode form={form} size={168} />
    </div>
  );
}

/** Dark on light in both themes: many scanners read no inverted codes. */
export function FormCode({ form, size }: { form: FormView; size: number }) {
  const t = useFormsText();
  return (
    <div className="xk-form-code">
      <QRCode
        aria-label={t('qr', { name: form.design.name })}
        type="svg"
        value={form.url}
        size={size}
        bordered={false}
        color="#000000"
        bgColor="#ffffff"
        errorLevel="M"
        marginSize={2}
      />
    </div>
  );
}
