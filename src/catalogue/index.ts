/** The catalogue's face: other modules import only this. */
export * from './administrative-unit.ts';
export * from './agency.ts';
export * from './calendar-date.ts';
export * from './catalogue.ts';
export * from './codes.ts';
export * from './document-group.ts';
export * from './document-type.ts';
export { type Effective, inForce, versionAt } from './effective.ts';
export * from './labels.ts';
export * from './life-event.ts';
export * from './metadata-schema.ts';
export * from './procedure.ts';
export * from './provenance.ts';
export * from './validity.ts';
