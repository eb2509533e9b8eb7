import { useParams } from '@tanstack/react-router';
import { FormPoster } from '../features/forms/form-poster.tsx';

/** A form's QR code as a sheet to print. */
export function FormPosterScreen() {
  const { id } = useParams({ from: '/forms/$id/poster' });
  return <FormPoster id={id} />;
}
