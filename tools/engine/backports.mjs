// @ts-check
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { candidateVersions, downloadPackage, indexTargets, updateIndexes } from './apt.mjs';
import { backportsSource, releaseArchive, signedBy } from './apt-sources.mjs';
import { EngineUnavailableError } from './errors.mjs';
import { archiveCodename, readOsRelease } from './os-release.mjs';
import { isRecentRunsc } from './runsc-version.mjs';

const remedy =
  'Install a gVisor release of 2024 or later yourself, so that `runsc` is on the search path (gvisor.dev explains how), ' +
  'and start this again.';

/**
 * Downloads runsc from the release's backports, without a change to the machine's own apt configuration: the source, its
 * index and the package all live in `folder`.
 *
 * @param {string} folder
 * @param {import('./apt.mjs').AptContext} context
 * @returns {Promise<string>} the path of the package file
 */
export async function downloadBackportedRunsc(folder, context) {
  const codename = archiveCodename(await readOsRelease());
  if (codename === undefined) throw new EngineUnavailableError('/etc/os-release names no release.', remedy);
  const archive = releaseArchive(await indexTargets(context), codename);
  if (archive === null) throw new EngineUnavailableError(`apt has no source for the release "${codename}".`, remedy);

  const key = archive.sourceFile === '' ? null : await readKey(archive);
  const sourceFile = path.join(folder, 'backports.sources');
  await writeFile(sourceFile, backportsSource({ ...archive, codename, signedBy: key }));
  const options = await ownAptOptions(folder, sourceFile);
  const packageFolder = path.join(folder, 'packages');
  const own = { ...context, options, cwd: packageFolder };

  await updateIndexes(own);
  const version = (await candidateVersions(['runsc'], own)).get('runsc');
  if (version === undefined || !isRecentRunsc(version)) {
    const found = version === undefined ? 'have no runsc' : `have only runsc ${version}`;
    throw new EngineUnavailableError(`The packages of "${codename}" and its backports ${found}.`, remedy);
  }
  await downloadPackage(`runsc=${version}`, own);
  const file = (await readdir(packageFolder)).find((name) => name.startsWith('runsc_') && name.endsWith('.deb'));
  if (file === undefined) throw new Error(`apt-get reported success, but left no package in ${packageFolder}`);
  return path.join(packageFolder, file);
}

/** @param {{ uri: string, suite: string, sourceFile: string }} archive */
async function readKey({ uri, suite, sourceFile }) {
  const text = await readFile(sourceFile, 'utf8');
  return signedBy({ fileName: sourceFile, text }, { uri, suite });
}

/**
 * @param {string} folder
 * @param {string} sourceFile
 * @returns {Promise<string[]>}
 */
async function ownAptOptions(folder, sourceFile) {
  // apt downloads as a user of its own, who has to be able to come in here.
  await chmod(folder, 0o755);
  for (const name of ['lists/partial', 'cache/archives/partial', 'packages']) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  return [
    `-oDir::Etc::SourceList=${sourceFile}`,
    '-oDir::Etc::SourceParts=/dev/null',
    `-oDir::State::Lists=${path.join(folder, 'lists')}`,
    `-oDir::Cache=${path.join(folder, 'cache')}`,
  ];
}
