import { useMutation } from '@tanstack/react-query';
import { Alert, Modal } from 'antd';
import { useState } from 'react';
import { sentence } from '../../api/errors.ts';
import { useText } from '../../i18n/core.ts';
import { CurrentPassword } from './current-password.tsx';

/** Before how one signs in is changed: the password, where there is one. Stays open, and says why, while it is refused. */
export function ConfirmDialog({
  title,
  hint,
  ok,
  danger = false,
  withPassword,
  onConfirm,
  onClose,
}: {
  title: string;
  hint?: string;
  ok: string;
  danger?: boolean;
  withPassword: boolean;
  onConfirm: (password: string | undefined) => Promise<unknown>;
  onClose: () => void;
}) {
  const words = useText();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const confirm = useMutation({
    mutationFn: () => onConfirm(withPassword ? password : undefined),
    onSuccess: onClose,
  });
  const submit = () => {
    setTried(true);
    if (!withPassword || password !== '') confirm.mutate();
  };
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={words('cancel')}
      okButtonProps={{ danger, loading: confirm.isPending }}
      onOk={submit}
      onCancel={onClose}
      width={420}
    >
      <form
        className="xk-security-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {hint && <p>{hint}</p>}
        {withPassword && <CurrentPassword value={password} onChange={setPassword} tried={tried} />}
        {confirm.error && <Alert type="error" showIcon title={sentence(confirm.error)} role="alert" />}
        <button type="submit" hidden />
      </form>
    </Modal>
  );
}
