import { SearchOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { useCatalog } from '../../api/query.ts';
import { useLabel, useText } from '../../i18n/core.ts';
import { type Entry, entriesOf, highlighted, stepChoice } from './palette-model.ts';
import { useCommandText } from './texts.ts';
import { useCommands } from './use-commands.ts';
import { useRecordSearch } from './use-record-search.ts';
import './command.css';

/** ⌘K: every record by 汉字, pinyin, initials or phone digits; every page; the commands. A combobox (WAI-ARIA APG). */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useCommandText();
  const words = useText();
  const navigate = useNavigate();
  const { commands, run } = useCommands();
  const [typed, setTyped] = useState('');
  const [composing, setComposing] = useState(false);
  const [at, setAt] = useState(0);
  const { hits, settled } = useRecordSearch(typed, composing);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const entries = entriesOf(commands, hits, composing ? '' : typed);
  const chosen = Math.min(at, Math.max(0, entries.length - 1));

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.kind === 'command') run(entry.command.id);
    else if (entry.hit.object === 'customer') void navigate({ to: '/customers/$id', params: { id: entry.hit.id } });
    else void navigate({ to: '/o/$object/$id', params: { object: entry.hit.object, id: entry.hit.id } });
  };
  const move = (by: number) => {
    const next = stepChoice(chosen, by, entries.length);
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a composition chooses a candidate of the input method, not of this list.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter') choose(entries[chosen]);
    else return;
    event.preventDefault();
  };
  const nothing = typed.trim() !== '' && !composing && settled && entries.length === 0;

  return (
    <Modal
      open={open}
      onCancel={onClose}
      footer={null}
      closable={false}
      width={620}
      className="xk-palette"
      afterOpenChange={(shown) => shown && input.current?.focus()}
      title={words('search-all')}
    >
      <div className="xk-palette-box">
        <SearchOutlined aria-hidden />
        <input
          ref={input}
          role="combobox"
          aria-label={words('search-all')}
          aria-expanded={entries.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('placeholder')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onCompositionStart={() => setComposing(true)}
          onCompositionEnd={() => setComposing(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="xk-palette-list" id={`${id}-list`} role="listbox" aria-label={words('search-all')} ref={list}>
        {entries.map((entry, index) => (
          <Row
            key={entry.key}
            id={`${id}-${index}`}
            entry={entry}
            heading={headingOf(entry) !== headingOf(entries[index - 1]) ? headingOf(entry) : null}
            index={index}
            chosen={index === chosen}
            typed={typed}
            onPoint={() => setAt(index)}
            onChoose={() => choose(entry)}
          />
        ))}
      </div>
      <p role="status" className={nothing ? 'xk-palette-none' : 'xk-visually-hidden'}>
        {nothing ? (
          <>
            <strong>{t('none', { typed: typed.trim() })}</strong>
            <span className="xk-muted">{t('none-hint')}</span>
          </>
        ) : (
          settled && typed.trim() !== '' && t('results', { n: entries.length })
        )}
      </p>
      <footer className="xk-palette-foot" aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('key-choose')}
        </span>
        <span>
          <kbd>Enter</kbd> {t('key-open')}
        </span>
        <span>
          <kbd>Esc</kbd> {t('key-close')}
        </span>
      </footer>
    </Modal>
  );
}

type Heading = 'pages' | 'actions' | 'records';

function headingOf(entry: Entry | undefined): Heading | null {
  if (!entry) return null;
  if (entry.kind === 'record') return 'records';
  return entry.command.kind === 'page' ? 'pages' : 'actions';
}

function Row({
  id,
  entry,
  heading,
  index,
  chosen,
  typed,
  onPoint,
  onChoose,
}: {
  id: string;
  entry: Entry;
  heading: Heading | null;
  index: number;
  chosen: boolean;
  typed: string;
  onPoint: () => void;
  onChoose: () => void;
}) {
  const t = useCommandText();
  const label = useLabel();
  const catalog = useCatalog();
  const record = entry.kind === 'record' ? entry.hit : null;
  const title = entry.kind === 'record' ? entry.hit.title : entry.command.title;
  return (
    <>
      {heading && (
        <div className="xk-palette-heading" role="presentation">
          {t(heading)}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the box above (aria-activedescendant) */}
      <div
        id={id}
        data-at={index}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        className="xk-palette-row"
        onMouseMove={onPoint}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onChoose}
      >
        <span className="xk-palette-title">
          {highlighted(title, typed).map((piece) =>
            piece.hit ? <mark key={piece.text}>{piece.text}</mark> : <span key={piece.text}>{piece.text}</span>,
          )}
        </span>
        {record?.detail && <span className="xk-palette-detail">{record.detail}</span>}
        {record && (
          <span className="xk-palette-object">
            {label(catalog.objects.find((object) => object.name === record.object)?.label)}
          </span>
        )}
      </div>
    </>
  );
}
