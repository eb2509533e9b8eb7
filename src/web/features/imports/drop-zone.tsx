import { InboxOutlined } from '@ant-design/icons';
import { type DragEvent, useRef, useState } from 'react';
import { useImportText } from './texts.ts';
import '../../ui/link-button.css';
import './imports.css';

const extensions = ['.xlsx', '.xls', '.xlsm', '.csv', '.tsv', '.txt', '.vcf', '.json'];

/** The big place to drop the file that a team already has; a real button, so that keyboard and screen reader reach it. */
export function DropZone({
  onFile,
  busy,
}: {
  onFile: (file: File) => void;
  /** An upload is under way: its file and how far it is (0..1). */
  busy: { name: string; done: number } | null;
}) {
  const t = useImportText();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const take = (file: File | undefined) => {
    if (!file || busy) return;
    const known = extensions.some((extension) => file.name.toLowerCase().endsWith(extension));
    if (!known) return setProblem(t('file-type', { name: file.name }));
    if (file.size === 0) return setProblem(t('file-empty', { name: file.name }));
    setProblem(null);
    onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  return (
    <div className="xk-drop-wrap">
      <button
        type="button"
        className={`xk-drop${over ? ' xk-drop-over' : ''}`}
        aria-busy={busy !== null}
        onClick={() => !busy && input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <InboxOutlined className="xk-drop-icon" aria-hidden />
        <strong>{busy ? t('uploading', { name: busy.name }) : over ? t('drop-release') : t('drop-title')}</strong>
        {busy ? (
          <span className="xk-drop-progress">
            <progress max={1} value={busy.done} aria-label={t('uploading', { name: busy.name })} />
          </span>
        ) : (
          <>
            <span>{t('drop-or')}</span>
            <small>{t('drop-formats')}</small>
          </>
        )}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={extensions.join(',')}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {problem && (
        <p className="xk-drop-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
