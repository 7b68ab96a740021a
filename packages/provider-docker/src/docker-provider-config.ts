import { configFields, Secret, type Language } from '@sandport/core';
import { executionMaximumFields, lifetimeFields, MEBIBYTE, queueFields, wholeNumber } from '@sandport/provider-kit';
import { z } from 'zod';

/** Images by profile: `minimal` has the standard library, `data` also numpy, pandas, matplotlib and requests, or axios. */
export const IMAGE_PROFILES = ['minimal', 'data'] as const;

/** One of {@link IMAGE_PROFILES}. */
export type ImageProfile = (typeof IMAGE_PROFILES)[number];

const pem = (kind: string) => z.string().includes(`${kind}-----`, `must be the text of a PEM file with a ${kind.toLowerCase()}`);

/** Configuration of `provider-docker`. Unknown fields are refused. */
export const dockerProviderConfigSchema = z.strictObject({
  dockerHost: z
    .string()
    .regex(/^(unix:\/\/\/|tcp:\/\/|https?:\/\/).+/, 'must begin with unix:///, tcp://, http:// or https://')
    .optional()
    .register(configFields, {
      label: 'Docker engine',
      help: 'Address of the Docker Engine API. Empty means the engine that the docker command would use: DOCKER_HOST, the chosen context, the local socket.',
      placeholder: 'unix:///var/run/docker.sock',
    }),
  tlsCa: pem('CERTIFICATE').optional().register(configFields, {
    label: 'Certificate of the authority',
    help: 'PEM of the authority that signed the engine\'s certificate, for an engine that "dockerHost" names. Empty means DOCKER_CERT_PATH with DOCKER_TLS_VERIFY.',
  }),
  tlsCert: pem('CERTIFICATE').optional().register(configFields, {
    label: 'Client certificate',
    help: 'PEM of the certificate by which the engine knows us. Needs the key, too.',
  }),
  tlsKey: pem('PRIVATE KEY')
    .transform((text) => new Secret(text))
    .optional()
    .register(configFields, { label: 'Client key', help: 'PEM of the key of the client certificate.', secret: true }),
  isolation: z.enum(['gvisor', 'runc']).default('gvisor').register(configFields, {
    label: 'Isolation',
    help: 'gvisor runs code on a kernel in user space. runc shares the host kernel: choose it only where that is acceptable. What is measured inside must agree, or nothing is run.',
  }),
  runtime: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is not a name of a runtime')
    .optional()
    .register(configFields, {
      label: 'Runtime name',
      help: 'Name under which the engine knows the runtime. Empty means runsc for gvisor and runc for runc.',
      placeholder: 'runsc',
      scope: 'deployment',
    }),
  profile: z.enum(IMAGE_PROFILES).default('minimal').register(configFields, {
    label: 'Package profile',
    help: 'minimal: standard library only. data: numpy, pandas, matplotlib and requests for Python, axios for JavaScript.',
  }),
  pythonImage: z.string().min(1).optional().register(configFields, {
    label: 'Python image',
    help: 'Image to use instead of the one of the profile.',
    scope: 'deployment',
  }),
  javascriptImage: z.string().min(1).optional().register(configFields, {
    label: 'JavaScript image',
    help: 'Image to use instead of the one of the profile.',
    scope: 'deployment',
  }),
  memoryBytes: wholeNumber(64 * MEBIBYTE, 1024 * 1024 * MEBIBYTE, 512 * MEBIBYTE).register(configFields, {
    label: 'Memory',
    help: 'Bytes of memory of a sandbox, swap included, when a request does not say.',
  }),
  maxMemoryBytes: wholeNumber(64 * MEBIBYTE, 1024 * 1024 * MEBIBYTE, 2048 * MEBIBYTE).register(configFields, {
    label: 'Highest memory',
    help: 'The most that a request may ask for, in bytes.',
  }),
  cpus: z.number().min(0.1).max(256).default(1).register(configFields, {
    label: 'CPUs',
    help: 'Processor time of a sandbox, as a number of processors, when a request does not say.',
  }),
  maxCpus: z.number().min(0.1).max(256).default(2).register(configFields, {
    label: 'Highest CPUs',
    help: 'The most that a request may ask for.',
  }),
  processes: wholeNumber(32, 32_768, 256).register(configFields, {
    label: 'Processes',
    help: 'Processes and threads of a sandbox at one time, its own machinery included, when a request does not say.',
  }),
  maxProcesses: wholeNumber(32, 32_768, 1024).register(configFields, {
    label: 'Highest number of processes',
    help: 'The most that a request may ask for.',
  }),
  diskBytes: wholeNumber(MEBIBYTE, 1024 * 1024 * MEBIBYTE, 100 * MEBIBYTE).register(configFields, {
    label: 'Disk',
    help: 'Bytes of the work folder, which lies in memory, when a request does not say.',
  }),
  maxDiskBytes: wholeNumber(MEBIBYTE, 1024 * 1024 * MEBIBYTE, 1024 * MEBIBYTE).register(configFields, {
    label: 'Highest disk',
    help: 'The most that a request may ask for, in bytes.',
  }),
  openFiles: wholeNumber(64, 1_048_576, 1024).register(configFields, {
    label: 'Open files',
    help: 'Open files of one process, when a request does not say.',
  }),
  maxOpenFiles: wholeNumber(64, 1_048_576, 4096).register(configFields, {
    label: 'Highest number of open files',
    help: 'The most that a request may ask for.',
  }),
  ...executionMaximumFields,
  ...lifetimeFields,
  preload: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]*$/, 'is not a name of a Python module'))
    .max(32)
    .optional()
    .register(configFields, {
      label: 'Modules at hand',
      help: 'Python modules that are imported before a program comes, so that it need not wait for them. Empty means numpy, pandas and matplotlib.pyplot in the profile data, none in minimal.',
    }),
  warmContainers: wholeNumber(0, 64, 1).register(configFields, {
    label: 'Warm containers',
    help: 'Unused containers kept ready at least, for each language once it was asked for.',
  }),
  maxIdleContainers: wholeNumber(0, 64, 4).register(configFields, {
    label: 'Most warm containers',
    help: 'Unused containers kept ready at most, for each kind that is asked for often. How many it takes is learned from the calls. From 2 on, a tenant that crowds others leaves them the last one.',
  }),
  maxContainers: wholeNumber(1, 1024, 8).register(configFields, {
    label: 'Most containers',
    help: 'Containers of this provider at one time: ready, running, starting and going.',
  }),
  ...queueFields,
});

/** A checked configuration of `provider-docker`. */
export type DockerProviderConfig = z.output<typeof dockerProviderConfigSchema>;

/** The runtime's name as the engine knows it. */
export function runtimeOf(config: DockerProviderConfig): string {
  return config.runtime ?? (config.isolation === 'gvisor' ? 'runsc' : 'runc');
}

/** The image that runs a language under this configuration. */
export function imageOf(config: DockerProviderConfig, language: Language): string {
  const chosen = language === 'python' ? config.pythonImage : config.javascriptImage;
  return chosen ?? imageTag(language, config.profile);
}

const DATA_MODULES: readonly string[] = ['numpy', 'pandas', 'matplotlib.pyplot'];

/** The modules that are imported before a program comes. */
export function preloadOf(config: DockerProviderConfig, language: Language): readonly string[] {
  if (language !== 'python') return [];
  return config.preload ?? (config.profile === 'data' ? DATA_MODULES : []);
}

/** The tag that `sandport images build` gives. */
export function imageTag(language: Language, profile: ImageProfile): string {
  return `sandport/${language}:${profile}`;
}
