/** Harm to rows: events, subjects, runs, checkpoints, papers, owners, versions, statuses, renditions. */
import type { Chance } from '../round.ts';
import type { Maker, Still } from './still.ts';

export const one = async <Row>(
  { database }: Still,
  chance: Chance,
  text: string,
): Promise<Row | undefined> => {
  const rows = await database.read<Row>(text);
  return rows.length === 0 ? undefined : chance.pick(rows);
};

/** A plant by one statement in a row that is drawn; `$id` and `$other` stand for it and another. */
const inRow =
  (name: string, from: string, statement: string, named: string): Maker =>
  async (still, chance) => {
    const row = await one<{ id: string }>(still, chance, from);
    if (row === undefined) return undefined;
    const others = (await still.database.read<{ id: string }>(from)).filter(({ id }) => id !== row.id);
    if (statement.includes('$other') && others.length === 0) return undefined;
    const other = statement.includes('$other') ? chance.pick(others).id : '';
    const fill = (text: string): string => text.replaceAll('$id', row.id).replaceAll('$other', other);
    return { name, named: fill(named), statements: [fill(statement)] };
  };

const EVENTS = `SELECT id::text FROM ledger_event ORDER BY ledger_event.id`;
const DOCUMENTS = `SELECT id::text FROM document ORDER BY document.id`;
const VERSIONS = `SELECT id::text FROM document_version ORDER BY document_version.id`;
const RUNS = `SELECT first::text AS id FROM log_run ORDER BY first`;
const SIGNED = `SELECT size::text AS id FROM log_checkpoint WHERE note IS NOT NULL ORDER BY size`;
const STATUSES = `SELECT document_id::text AS id FROM status_event ORDER BY document_id`;

export const rowPlants: readonly Maker[] = [
  inRow(
    'event changed: outcome',
    EVENTS,
    `UPDATE ledger_event SET outcome = CASE outcome WHEN 'done' THEN 'failed' ELSE 'done' END WHERE id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'event changed: instant',
    EVENTS,
    `UPDATE ledger_event SET occurred_at = occurred_at - interval '1 second' WHERE id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'event changed: actor',
    EVENTS,
    `UPDATE ledger_event SET actor_id = coalesce(actor_id, '') || 'x' WHERE id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'event changed: detail',
    EVENTS,
    `UPDATE ledger_event SET detail = detail || '{"planted": true}' WHERE id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'event changed: salt',
    EVENTS,
    `UPDATE ledger_event SET salt = set_byte(salt, 20, get_byte(salt, 20) # 1) WHERE id = '$id'`,
    'ledger_event $id',
  ),
  inRow('event removed', EVENTS, `DELETE FROM ledger_event WHERE id = '$id'`, 'ledger_event $id'),
  inRow(
    'events swapped',
    EVENTS,
    `UPDATE ledger_event a SET type = b.type || '', actor_id = b.actor_id, occurred_at = b.occurred_at, salt = b.salt FROM ledger_event b WHERE a.id = '$id' AND b.id = '$other'`,
    'ledger_event $id',
  ),
  inRow(
    'subject removed',
    `SELECT DISTINCT event_id::text AS id FROM event_subject ORDER BY 1`,
    `DELETE FROM event_subject WHERE event_id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'subject exchanged',
    `SELECT DISTINCT event_id::text AS id FROM event_subject ORDER BY 1`,
    `UPDATE event_subject SET owner_id = gen_random_uuid() WHERE event_id = '$id'`,
    'ledger_event $id',
  ),
  inRow(
    'run changed',
    RUNS,
    `UPDATE log_run SET leaves = set_byte(leaves, 9, get_byte(leaves, 9) # 1) WHERE first = $id`,
    'log_run $id',
  ),
  inRow('run removed', RUNS, `DELETE FROM log_run WHERE first = $id`, 'log_run'),
  inRow(
    'run swapped',
    RUNS,
    `UPDATE log_run a SET leaves = b.leaves, event_ids = b.event_ids, count = b.count FROM log_run b WHERE a.first = $id AND b.first = $other`,
    'log_run $id',
  ),
  inRow(
    'checkpoint: another root',
    SIGNED,
    `UPDATE log_checkpoint SET root = sha256('planted') WHERE size = $id`,
    'log_checkpoint $id',
  ),
  inRow(
    'checkpoint: note changed',
    SIGNED,
    `UPDATE log_checkpoint SET note = overlay(note placing 'AAAA' from length(note) - 20) WHERE size = $id`,
    'log_checkpoint $id',
  ),
  inRow(
    'log state set back',
    `SELECT origin AS id FROM log_state`,
    `UPDATE log_state SET size = size - 1`,
    'log_state',
  ),
  inRow(
    'document: type',
    DOCUMENTS,
    `UPDATE document SET type_code = type_code || 'x' WHERE id = '$id'`,
    'document $id',
  ),
  inRow(
    'document: metadata',
    DOCUMENTS,
    `UPDATE document SET metadata = metadata || '{"planted": 1}' WHERE id = '$id'`,
    'document $id',
  ),
  inRow(
    'document: issuer',
    DOCUMENTS,
    `UPDATE document SET issuer_id = 'H17.1' WHERE id = '$id'`,
    'document $id',
  ),
  inRow(
    'document: code',
    DOCUMENTS,
    `UPDATE document SET verification_code = verification_code || 'x' WHERE id = '$id'`,
    'document $id',
  ),
  inRow('document removed', DOCUMENTS, `DELETE FROM document WHERE id = '$id'`, 'document $id'),
  inRow(
    'owner exchanged',
    `SELECT document_id::text AS id FROM document_owner ORDER BY 1`,
    `UPDATE document_owner SET owner_id = gen_random_uuid() WHERE document_id = '$id'`,
    'document $id',
  ),
  inRow(
    'owner removed',
    `SELECT document_id::text AS id FROM document_owner ORDER BY 1`,
    `DELETE FROM document_owner WHERE document_id = '$id'`,
    'document $id',
  ),
  inRow(
    'version: digest',
    VERSIONS,
    `UPDATE document_version SET sha256 = encode(sha256('planted'), 'hex') WHERE id = '$id'`,
    'document_version $id',
  ),
  inRow(
    'version: pages',
    VERSIONS,
    `UPDATE document_version SET pages = pages + 1 WHERE id = '$id'`,
    'document_version $id',
  ),
  inRow(
    'version removed',
    `SELECT document_id::text AS id FROM document_version ORDER BY 1`,
    `DELETE FROM document_version WHERE document_id = '$id'`,
    'document $id',
  ),
  inRow(
    'versions swapped',
    VERSIONS,
    `UPDATE document_version a SET sha256 = b.sha256 FROM document_version b WHERE a.id = '$id' AND b.id = '$other'`,
    'document_version $id',
  ),
  inRow(
    'status changed',
    STATUSES,
    `UPDATE status_event SET status = 'revoked' WHERE document_id = '$id'`,
    'status_event $id',
  ),
  inRow(
    'status moved',
    STATUSES,
    `UPDATE status_event SET at = at + interval '1 minute' WHERE document_id = '$id'`,
    'status_event $id',
  ),
  inRow('status removed', STATUSES, `DELETE FROM status_event WHERE document_id = '$id'`, 'document $id'),
  inRow(
    'status added',
    STATUSES,
    `INSERT INTO status_event (document_id, number, status, at, actor_kind) VALUES ('$id', 2, 'revoked', now(), 'vault')`,
    'status_event $id',
  ),
  inRow(
    'rendition removed',
    `SELECT object_id::text AS id FROM rendition ORDER BY 1`,
    `DELETE FROM rendition WHERE object_id = '$id'`,
    'stored_object $id',
  ),
];
