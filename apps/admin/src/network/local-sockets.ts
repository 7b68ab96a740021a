import { join } from 'node:path';

/** Where the local Docker engine listens, as the docker command would look for it: sockets that a deployment has by being on the machine of one. */
export function localEngineSockets(environment: Readonly<Record<string, string | undefined>>, homeFolder: string): string[] {
  const { DOCKER_HOST: named, XDG_RUNTIME_DIR: runtimeFolder } = environment;
  return [
    ...(named?.startsWith('unix://') === true ? [named.slice('unix://'.length)] : []),
    '/var/run/docker.sock',
    '/run/docker.sock',
    ...(runtimeFolder === undefined ? [] : [join(runtimeFolder, 'docker.sock')]),
    join(homeFolder, '.docker', 'run', 'docker.sock'),
    join(homeFolder, '.docker', 'desktop', 'docker.sock'),
  ];
}
