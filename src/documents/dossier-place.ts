/** A paper's place in a dossier: component of the procedure, processing paper, or result with its code. Pure checks. */
import { type CalendarDate, type Catalogue, parseDossierCode, parseResultCode } from '../catalogue/index.ts';
import type { Fault } from '../platform/failure.ts';
import type { PaperPlace } from './dossier-repository.ts';

/** Results carry the code of their dossier and `-KQn` (NĐ 45/2020 art. 14(3)); other papers carry none. */
export function checkResultCode(place: PaperPlace, pointer: string): Fault[] {
  const faults: Fault[] = [];
  const dossier = parseDossierCode(place.dossierCode);
  if (!dossier.ok) faults.push({ pointer: `${pointer}/code`, detail: dossier.problem.en });
  if (place.group !== 'result') {
    if (place.resultCode !== null)
      faults.push({ pointer: `${pointer}/resultCode`, detail: 'Only a result has a result code.' });
    return faults;
  }
  if (place.resultCode === null) {
    faults.push({
      pointer: `${pointer}/resultCode`,
      detail: `A result needs its code: ${place.dossierCode}-KQ1 for the first.`,
    });
    return faults;
  }
  const result = parseResultCode(place.resultCode);
  if (!result.ok) faults.push({ pointer: `${pointer}/resultCode`, detail: result.problem.en });
  else if (dossier.ok && result.value.dossier.code !== dossier.value.code)
    faults.push({ pointer: `${pointer}/resultCode`, detail: 'The code is of another dossier.' });
  return faults;
}

/** A component that is named is one of those the procedure lists; the other groups name none. */
export function checkComponent(
  place: PaperPlace,
  procedureCode: string,
  terms: { readonly catalogue: Catalogue; readonly today: CalendarDate; readonly pointer: string },
): Fault[] {
  const pointer = `${terms.pointer}/component`;
  if (place.group !== 'component')
    return place.componentKey === null
      ? []
      : [{ pointer, detail: 'Only papers of the group "component" name one.' }];
  const components = terms.catalogue.procedure(procedureCode, terms.today)?.components ?? [];
  if (place.componentKey === null || components.some(({ key }) => key === place.componentKey)) return [];
  const known = components.map(({ key }) => key).join(', ');
  return [{ pointer, detail: `The procedure has no such component; it has: ${known}.` }];
}
