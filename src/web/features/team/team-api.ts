import type { TeamView } from '../../../contract/team.ts';

export type Member = TeamView['people'][number];

export const teamKey = ['team'];
