import { Option } from 'commander';

/** Where the configuration is. */
export function configOption(): Option {
  return new Option('--config <file>', 'JSON file with the configuration').env('SANDPORT_EXECUTOR_CONFIG');
}
