/** Things that happen to a person, a family or a register entry and that end the validity of papers. */
import { z } from 'zod';
import type { Labels } from './labels.ts';

export const lifeEvents = [
  'marriage',
  'divorce',
  'marriage-annulled',
  'spouse-death',
  'death',
  'birth-registered',
  'death-registered',
  'guardianship-ended',
  'adoption-ended',
  'residence-changed',
  'registration-changed',
  'card-replaced',
  'entitlement-ended',
] as const;

export type LifeEvent = (typeof lifeEvents)[number];
export const lifeEventSchema = z.enum(lifeEvents);

export const lifeEventLabels: Readonly<Record<LifeEvent, Labels>> = {
  marriage: { vi: 'Đã kết hôn', en: 'Married' },
  divorce: { vi: 'Đã ly hôn', en: 'Divorced' },
  'marriage-annulled': { vi: 'Hôn nhân bị hủy', en: 'Marriage annulled' },
  'spouse-death': { vi: 'Vợ hoặc chồng đã mất', en: 'Spouse died' },
  death: { vi: 'Đã mất', en: 'Died' },
  'birth-registered': { vi: 'Đã đăng ký khai sinh', en: 'Birth registered' },
  'death-registered': { vi: 'Đã đăng ký khai tử', en: 'Death registered' },
  'guardianship-ended': { vi: 'Chấm dứt giám hộ', en: 'Guardianship ended' },
  'adoption-ended': { vi: 'Chấm dứt nuôi con nuôi', en: 'Adoption ended' },
  'residence-changed': { vi: 'Đã thay đổi nơi cư trú', en: 'Residence changed' },
  'registration-changed': { vi: 'Đã thay đổi đăng ký', en: 'Registration changed' },
  'card-replaced': { vi: 'Đã cấp đổi thẻ', en: 'Card replaced' },
  'entitlement-ended': { vi: 'Hết thời gian được hưởng', en: 'Entitlement ended' },
};
