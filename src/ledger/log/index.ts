/** The face of the Merkle log: formats, proofs and checks. Pure; knows neither database nor network. */
export * from './add-checkpoint.ts';
export * from './bundle.ts';
export * from './canonical-json.ts';
export * from './checkpoint.ts';
export * from './growth.ts';
export * from './hash.ts';
export * from './hash-tile.ts';
export * from './leaf.ts';
export * from './note.ts';
export * from './note-keys.ts';
export * from './opening.ts';
export * from './policy.ts';
export * from './proof-file.ts';
export * from './proof-plan.ts';
export * from './prove.ts';
export * from './tile.ts';
export * from './verify-proof.ts';
