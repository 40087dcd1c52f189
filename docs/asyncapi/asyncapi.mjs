// Check AsyncAPI documents, or draw one as Markdown, with AsyncAPI's own parser and template.
//
//   node asyncapi.mjs check DOCUMENT...
//   node asyncapi.mjs draw DOCUMENT PAGE

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { AvroSchemaParser } = require('@asyncapi/avro-schema-parser');
const { renderTemplate, transpileFiles } = require('@asyncapi/generator-react-sdk');
const { Parser } = require('@asyncapi/parser');

const WARNING = 1;
const WRITTEN = '<!-- Written by `make docs` from asyncapi.yaml: change the schemas and topics, not this page. -->';

// The parser turns Avro into JSON Schema without looking whether it is Avro.
function strictAvro() {
  const avro = AvroSchemaParser();
  const parse = async (input) => {
    const faults = await avro.validate(input);
    if (faults.length > 0) throw new Error(`no Avro schema: ${faults[0].message}`);
    return avro.parse(input);
  };
  return { ...avro, parse };
}

async function parsed(source, name, options) {
  const parser = new Parser({ schemaParsers: [strictAvro()] });
  const { document, diagnostics } = await parser.parse(source, options);
  const found = diagnostics.filter((one) => one.severity <= WARNING);
  for (const one of found) console.error(`${name}: ${one.path.join('.')}: ${one.message}`);
  return found.length === 0 ? document : undefined;
}

// What is received is what is sent: the messages are drawn once.
async function parsedOnce(source, name) {
  const document = await parsed(source, name, { applyTraits: false, parseSchemas: false });
  if (document === undefined) return undefined;
  const plain = document.json();
  for (const operation of Object.values(plain.operations)) {
    if (operation.action === 'receive') operation.messages = [];
  }
  return parsed(plain, name);
}

async function drawn(document) {
  const template = path.dirname(require.resolve('@asyncapi/markdown-template/package.json'));
  const transpiled = fileURLToPath(new URL('node_modules/.transpiled', import.meta.url));
  await transpileFiles(path.join(template, 'template'), transpiled, { recursive: true });
  const page = await renderTemplate(path.join(transpiled, 'asyncapi.js'), { asyncapi: document, params: {} });
  const text = page.content.replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
  return `${WRITTEN}\n\n${text}\n`;
}

const [task, ...files] = process.argv.slice(2);
if (task === 'check') {
  const results = [];
  for (const file of files) results.push(await parsed(await readFile(file, 'utf8'), file));
  process.exitCode = results.every(Boolean) ? 0 : 1;
} else if (task === 'draw') {
  const [from, to] = files;
  const document = await parsedOnce(await readFile(from, 'utf8'), from);
  if (document) await writeFile(to, await drawn(document));
  process.exitCode = document ? 0 : 1;
}
