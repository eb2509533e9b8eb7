import { useParams } from '@tanstack/react-router';
import { FormDesigner } from '../features/forms/form-designer.tsx';
import { Page } from '../ui/page.tsx';

/** One public form: questions, settings, link and code. */
export function FormScreen() {
  const { id } = useParams({ from: '/app/forms/$id' });
  return (
    <Page width="wide">
      <FormDesigner id={id} />
    </Page>
  );
}
