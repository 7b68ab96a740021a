export { createDockerProvider, dockerProvider } from './docker-provider-definition.ts';
export {
  dockerProviderConfigSchema,
  IMAGE_PROFILES,
  imageTag,
  type DockerProviderConfig,
  type ImageProfile,
} from './docker-provider-config.ts';
export type { BuildImagesOptions, ImageBuildEvent } from './images/build-images-options.ts';
export { buildImages, type BuiltImage } from './images/build-images.ts';
export type { LeftBehind } from './lease/left-behind.ts';
export { removeLeftBehind, type RemoveLeftBehindOptions } from './lease/remove-left-behind.ts';
export type { EngineAccess } from './engine/locate-engine.ts';
