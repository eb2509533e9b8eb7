import { App, Button, Checkbox, Drawer, Input } from 'antd';
import { useState } from 'react';
import type { ObjectDef } from '../../../domain/schema/types.ts';
import { useLabel, useLang, useText } from '../../i18n/core.ts';
import { useToasts } from '../../ui/toasts.tsx';
import { useDesigner } from './designer-api.ts';
import { Setting } from './field-settings.tsx';
import { useDesignerText } from './texts.ts';

/** A new object, or the names of one there is. A new one begins with a name field and, if wanted, the customer it belongs to. */
export function ObjectDrawer({
  object,
  onClose,
  onCreated,
}: {
  object: ObjectDef | null;
  onClose: () => void;
  onCreated: (name: string) => void;
}) {
  const t = useDesignerText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const toasts = useToasts();
  const { modal } = App.useApp();
  const designer = useDesigner();
  const [zh, setZh] = useState(object?.label.zh ?? '');
  const [en, setEn] = useState(object?.label.en ?? '');
  const [plural, setPlural] = useState(object?.plural?.en ?? '');
  const [belongs, setBelongs] = useState(true);
  const [appendOnly, setAppendOnly] = useState(object?.appendOnly === true);
  const [tried, setTried] = useState(false);
  const missing = zh.trim() === '' && en.trim() === '';
  const names = { zh: zh.trim() || en.trim(), en: en.trim() || zh.trim() };
  const plurals = { zh: names.zh, en: plural.trim() || names.en };

  const save = () => {
    setTried(true);
    if (missing) return;
    if (object) {
      designer.updateObject.mutate(
        { object: object.name, body: { label: names, plural: plurals } },
        {
          onSuccess: () => {
            toasts.success(t('object-saved', { object: names[lang] }));
            onClose();
          },
        },
      );
      return;
    }
    designer.createObject.mutate(
      {
        label: names,
        plural: plurals,
        title: 'name',
        ...(appendOnly && { appendOnly: true }),
        ...(belongs && { parent: 'customer' }),
        fields: [
          { name: 'name', label: { zh: '名称', en: 'Name' }, type: 'text', required: true, search: 'name' },
          ...(belongs
            ? [
                {
                  name: 'customer',
                  label: { zh: '客户', en: 'Customer' },
                  type: 'relation' as const,
                  target: 'customer',
                },
              ]
            : []),
        ],
      },
      {
        onSuccess: (made) => {
          toasts.success(t('object-created', { object: names[lang] }));
          onCreated(made.name);
        },
      },
    );
  };
  const retire = () =>
    object &&
    modal.confirm({
      title: t('retire-object-ask', { object: label(object.label) }),
      content: t('retire-object-hint'),
      okText: t('retire'),
      okButtonProps: { danger: true },
      cancelText: words('cancel'),
      onOk: async () => {
        await designer.updateObject.mutateAsync({ object: object.name, body: { retired: true } });
        onClose();
      },
    });

  return (
    <Drawer
      open
      size={440}
      title={t(object ? 'edit-object' : 'new-object')}
      onClose={onClose}
      footer={
        <div className="xk-drawer-foot">
          {object && !object.builtin && (
            <Button type="text" danger onClick={retire}>
              {t('retire')}
            </Button>
          )}
          <span />
          <Button onClick={onClose}>{words('cancel')}</Button>
          <Button
            type="primary"
            loading={designer.createObject.isPending || designer.updateObject.isPending}
            onClick={save}
          >
            {object ? words('save') : t('create')}
          </Button>
        </div>
      }
    >
      <form
        className="xk-designer-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Setting label={t('label-zh')} problem={tried && missing ? t('label-missing') : null}>
          {(id) => (
            <Input id={id} autoFocus value={zh} maxLength={40} onChange={(event) => setZh(event.target.value)} />
          )}
        </Setting>
        <Setting label={t('label-en')} hint={t('label-en-hint')}>
          {(id) => <Input id={id} value={en} maxLength={40} onChange={(event) => setEn(event.target.value)} />}
        </Setting>
        <Setting label={t('object-plural')}>
          {(id) => <Input id={id} value={plural} maxLength={40} onChange={(event) => setPlural(event.target.value)} />}
        </Setting>
        {!object && (
          <section className="xk-rules-list">
            <Checkbox checked={belongs} onChange={(event) => setBelongs(event.target.checked)}>
              {t('object-parent')} <span className="xk-muted">{t('object-parent-hint')}</span>
            </Checkbox>
            <Checkbox checked={appendOnly} onChange={(event) => setAppendOnly(event.target.checked)}>
              {t('object-append')} <span className="xk-muted">{t('object-append-hint')}</span>
            </Checkbox>
          </section>
        )}
        <button type="submit" hidden />
      </form>
    </Drawer>
  );
}
