// @ts-check
import { noVerdictFromMessage } from './no-verdict-from-message.mjs';

/** The house rules that no ready-made rule checks. */
const plugin = { meta: { name: 'house' }, rules: { 'no-verdict-from-message': noVerdictFromMessage } };

export default plugin;
