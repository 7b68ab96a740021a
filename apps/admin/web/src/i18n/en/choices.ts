export const choices = {
  provider: 'Provider',
  configuration: 'Configuration',
  choose: 'Choose one',
  notConfigured: 'not configured',
  inUse: 'In use',
  draft: 'draft',
};
