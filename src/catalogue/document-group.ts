/** Groups of document types: what a register holds, what a shelf in the vault is called. */
import { z } from 'zod';
import type { Labels } from './labels.ts';

export const documentGroups = [
  'civil-status',
  'identity',
  'residence',
  'health',
  'social-security',
  'education',
  'certified-copies',
  'land',
  'construction',
  'business',
  'justice',
  'other',
] as const;
export type DocumentGroup = (typeof documentGroups)[number];
export const documentGroupSchema = z.enum(documentGroups);

export const documentGroupLabels: Readonly<Record<DocumentGroup, Labels>> = {
  'civil-status': { vi: 'Hộ tịch', en: 'Civil status' },
  identity: { vi: 'Căn cước', en: 'Identity' },
  residence: { vi: 'Cư trú', en: 'Residence' },
  health: { vi: 'Y tế', en: 'Health' },
  'social-security': { vi: 'An sinh xã hội', en: 'Social security' },
  education: { vi: 'Giáo dục và đào tạo', en: 'Education' },
  'certified-copies': { vi: 'Chứng thực', en: 'Certified copies' },
  land: { vi: 'Đất đai', en: 'Land' },
  construction: { vi: 'Xây dựng', en: 'Construction' },
  business: { vi: 'Đăng ký kinh doanh', en: 'Business registration' },
  justice: { vi: 'Tư pháp', en: 'Justice' },
  other: { vi: 'Khác', en: 'Other' },
};
