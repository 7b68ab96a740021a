// @ts-check
import { readFile, rm, writeFile } from 'node:fs/promises';
import { codeOf } from './errors.mjs';

/** Debian's package scripts ask this program before they start a service; exit code 101 forbids it. */
const policyProgramOfDebian = '/usr/sbin/policy-rc.d';
const ownPolicy = '#!/bin/sh\n# Temporary, placed by Sandport while it installs packages.\nexit 101\n';

/**
 * Keeps the packages installed by `work` from starting their services: the engine that we need is a private one, and a
 * machine must not get a system-wide Docker service as a side effect. A policy of the administrator's own stays as it is.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} [policyProgram]
 * @returns {Promise<T>}
 */
export async function withoutServiceStarts(work, policyProgram = policyProgramOfDebian) {
  const isOurs = await placePolicy(policyProgram);
  try {
    return await work();
  } finally {
    if (isOurs) await rm(policyProgram, { force: true });
  }
}

/**
 * @param {string} policyProgram
 * @returns {Promise<boolean>} whether the policy in force is ours, and so ours to remove
 */
async function placePolicy(policyProgram) {
  try {
    await writeFile(policyProgram, ownPolicy, { mode: 0o755, flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    // The same text means that an earlier installation was killed before it could remove its file.
    return (await readFile(policyProgram, 'utf8')) === ownPolicy;
  }
}
