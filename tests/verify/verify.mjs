// A second verifier of exports, written from docs/reference/journal-format.md alone.
//   node verify.mjs < CASES        a line: {"exports": [FOLDER...], "key": VKEY, "checkpoints": [NOTE...]}
// Answers each with a line: {"result": 0 verified, 1 altered, 2 could not be checked, "wrong": [...]}.

import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { decompress } from 'fzstd';

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const node = (left, right) => sha(Buffer.of(1), left, right);
const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
class Unreadable extends Error {}

function bytes(text, length) {
  const found = Buffer.from(String(text), 'base64');
  if (found.toString('base64') === text && (length ?? found.length) === found.length) return found;
  throw new Error('no base64, or of another length');
}

function keyOf(text) {
  const [, name, hash, value] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const raw = name && bytes(value, 33);
  if (raw?.[0] !== 1 || sha(name, '\n', raw).toString('hex', 0, 4) !== hash) throw new Unreadable('no key of a log');
  const key = Buffer.concat([ED25519, raw.subarray(1)]);
  return { name, hash, object: createPublicKey({ key, format: 'der', type: 'spki' }) };
}

function noteOf(text, key, wrong) {
  const [, body, origin, size, root, signatures] =
    /^((.*)\n(0|[1-9]\d*)\n(.*)\n)\n((?:\u2014 \S+ \S+\n)+)$/.exec(text) ?? [];
  const own = (signatures ?? '').split('\n').map((line) => line.split(' ')).filter(([, name]) => name === key.name)
    .map(([, , value]) => bytes(value)).filter((raw) => raw.toString('hex', 0, 4) === key.hash);
  const signed = own.length > 0 && own.every((raw) => verify(null, Buffer.from(body), key.object, raw.subarray(4)));
  if (origin === key.name && signed) return { size: Number(size), root: bytes(root, 32) };
  wrong.push({ problem: 'a checkpoint of another log, or without the signature' });
  return null;
}

class Tree {
  constructor(size) { Object.assign(this, { size, peaks: [] }); }
  grow(leaf) {
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) leaf = node(this.peaks.pop(), leaf);
    this.peaks.push(leaf);
    this.size += 1;
  }
  root() { return this.peaks.length ? this.peaks.reduceRight((root, peak) => node(peak, root)) : sha(''); }
}

// RFC 9162, 2.1.4.2; returns the roots of the full subtrees of the old tree.
function consistent(old, now, proof) {
  if (old.size === now.size && !proof.length && old.root.equals(now.root)) return [old.root];
  let [index, last] = [old.size - 1, now.size - 1];
  while (index % 2 === 1) [index, last] = [(index - 1) / 2, Math.floor(last / 2)];
  const path = index === 0 ? [old.root, ...proof] : proof;
  const peaks = [path[0]];
  let [before, after] = [path[0], path[0]];
  for (const hash of path.slice(1)) {
    if (last === 0) return null;
    if (index % 2 === 1 || index === last) {
      [before, after] = [node(hash, before), node(hash, after)];
      peaks.unshift(hash);
      while (index % 2 === 0 && index > 0) [index, last] = [index / 2, Math.floor(last / 2)];
    } else after = node(after, hash);
    [index, last] = [Math.floor(index / 2), Math.floor(last / 2)];
  }
  const right = old.size < now.size && last === 0 && before?.equals(old.root) && after.equals(now.root);
  return right ? peaks : null;
}

function lines(folder, { name, lines: count, sha256 }, wrong) {
  const packed = readFileSync(`${folder}/${name}`);
  const found = Buffer.from(decompress(packed)).toString().split('\n');
  if (sha(packed).toString('hex') !== sha256) wrong.push({ problem: `digest of ${name}` });
  if (found.pop() !== '' || found.length !== count) wrong.push({ problem: `lines of ${name}` });
  return found.map((line) => JSON.parse(line));
}

function readExport(folder, log, own, key, wrong) {
  const trailer = existsSync(`${folder}/trailer.json`) && JSON.parse(readFileSync(`${folder}/trailer.json`, 'utf8'));
  if (trailer.format !== 'kette-export-1') throw new Unreadable('no export');
  const { tenant, epoch, after, size } = trailer;
  if (`kette/${tenant}/${epoch}` !== key.name) throw new Error('another log');
  const opening = Buffer.from(`01${tenant}${epoch}`.replaceAll('-', ''), 'hex');
  const of = (kind) => trailer.files.filter(({ name }) => name.startsWith(kind)).flatMap((file) => lines(folder, file, wrong));
  const present = readdirSync(folder).filter((name) => name.endsWith('.zst')).length;
  if (present !== trailer.files.length) wrong.push({ problem: 'other files than in the trailer' });
  const note = (text, expected) => {
    const found = noteOf(text, key, wrong);
    if (found?.size !== expected) wrong.push({ problem: 'no checkpoint of the right size' });
    return found;
  };
  const checkpoint = note(trailer.checkpoint, size);
  const kept = [checkpoint, ...of('checkpoints').map((line) => note(line.note, line.size))].filter(Boolean);
  [log.tree, log.begins] = [log.tree ?? new Tree(after), log.begins ?? after];
  if (log.tree.size !== after) throw new Unreadable('exports that do not follow each other');
  if (after > 0) {
    const previous = note(trailer.previous, after);
    const proof = trailer.consistency.map((one) => bytes(one, 32));
    const peaks = previous && checkpoint && consistent(previous, checkpoint, proof);
    if (peaks && (!log.read || log.tree.root().equals(previous.root))) log.tree.peaks = peaks;
    else wrong.push({ problem: 'does not continue the log before' });
  }
  Object.assign(log, { read: true, claimed: after, proven: log.proven ?? after, end: size });
  const compare = () => [...kept, ...own].filter((mark) => mark.size === log.tree.size).forEach((mark) => {
    const since = own.includes(mark) ? 'proven' : 'claimed'; // the key that signed the export's may be stolen
    if (mark.root.equals(log.tree.root())) log[since] = mark.size;
    else wrong.push({ problem: 'root', from: log[since] + 1, to: mark.size });
  });
  compare();
  for (const { header, ciphertext } of of('events')) { readEvent(log, bytes(header, 233), ciphertext, opening, wrong); compare(); }
  const [end, ends] = [log.tree.size, Math.max(size, ...kept.map((mark) => mark.size))];
  if (end !== ends) wrong.push({ problem: 'the end', from: Math.min(log.claimed, end) + 1, to: Math.max(end, ends) });
}

function readEvent(log, header, ciphertext, opening, wrong) {
  const position = log.tree.size + 1;
  const tell = (problem, from = position) => wrong.push({ problem, from, to: position });
  if (header.readBigInt64BE(33) !== BigInt(position)) { tell('position'); throw new Error('positions are not dense'); }
  if (!header.subarray(0, 33).equals(opening)) tell('format, tenant or epoch');
  const [journey, link] = [header.toString('hex', 41, 57), header.subarray(121, 153)];
  const [version, moment] = [header.readBigInt64BE(57), header.readBigInt64BE(113)];
  const before = log.journeys.get(journey);
  const first = link.every((byte) => byte === 0) ? version === 0n || version === 1n : log.begins > 0 && version > 0n;
  if (!before && !first) tell('begin of a journey', log.proven + 1);
  const follows = !before || (before.version + 1n === version && before.leaf.equals(link));
  if (!follows) tell('version or link', Math.max(before.position, log.proven + 1));
  if (moment < log.moment) tell('recorded_at', Math.max(log.proven + 1, position - 1));
  if (ciphertext !== null && !sha(bytes(ciphertext)).equals(header.subarray(153, 185))) tell('ciphertext');
  const leaf = sha(Buffer.of(0), header);
  log.journeys.set(journey, { version, leaf, position });
  log.moment = moment;
  log.tree.grow(leaf);
}

function check({ exports, key: text, checkpoints }) {
  const [wrong, log] = [[], { journeys: new Map(), moment: -(2n ** 63n) }];
  try {
    const key = keyOf(text);
    const own = checkpoints.map((one) => noteOf(one, key, wrong)).filter(Boolean);
    for (const folder of exports) readExport(folder, log, own, key, wrong);
    for (const { size } of own) if (size > log.end) wrong.push({ problem: 'cut off', from: log.proven + 1, to: size });
    if (own.some((one) => one.size < log.begins)) throw new Unreadable('a checkpoint from before');
  } catch (error) {
    if (error instanceof Unreadable && !wrong.length) return { result: 2, wrong: [{ problem: error.message }] };
    wrong.push({ problem: error.message });
  }
  return { result: wrong.length ? 1 : 0, wrong };
}

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) console.log(JSON.stringify(check(JSON.parse(line))));
