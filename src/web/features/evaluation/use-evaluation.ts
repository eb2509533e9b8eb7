import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { evaluationSchema } from '../../../contract/advice.ts';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys } from '../../api/query.ts';

export type Evaluation = z.infer<typeof evaluationSchema>;

/** What is past due and will be, and the back-test of the model: one look at a sample tells both. */
export const useEvaluation = () =>
  useQuery({
    queryKey: [...keys.policies, 'evaluation'],
    queryFn: ({ signal }): Promise<Evaluation> => call(api.advice.evaluation, { signal }),
  });
