export { createDockerProvider, dockerProvider } from './docker-provider-definition.ts';
export {
  dockerProviderConfigSchema,
  IMAGE_PROFILES,
  imageTag,
  type DockerProviderConfig,
  type ImageProfile,
} from './docker-provider-config.ts';
export { buildImages, type BuildImagesOptions, type BuiltImage, type ImageBuildEvent } from './images/build-images.ts';
