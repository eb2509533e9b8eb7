import { defineTexts } from '../../../i18n/core.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export type CampaignTextKey = keyof typeof zh;

export const useCampaignText = defineTexts('campaigns', zh, en);
