/** The examination rules that come with the vault, checked when they are read. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ExaminationRules, examinationRulesSchema } from './examination.ts';

/** @throws Error when the file is not what it should be: the vault does not start with wrong thresholds */
export function shippedExaminationRules(): readonly ExaminationRules[] {
  const file = new URL('./data/examination-rules.json', import.meta.url);
  return z
    .array(examinationRulesSchema)
    .min(1)
    .parse(JSON.parse(readFileSync(file, 'utf8')));
}
