import { Modal } from 'antd';
import { PresetCards } from './preset-cards.tsx';
import { usePolicyText } from './texts.ts';

/** Scenarios to choose from; one press replaces the whole policy. */
export function ScenarioDialog({ onClose }: { onClose: () => void }) {
  const t = usePolicyText();
  return (
    <Modal open onCancel={onClose} footer={null} width={960} title={t('scenario-title')}>
      <p className="xk-muted xk-presets-hint">{t('scenario-replaces')}</p>
      <PresetCards onApplied={onClose} />
    </Modal>
  );
}
