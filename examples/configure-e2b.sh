#!/bin/sh
# Sets up E2B in one line, tests the connection, and chooses it as the provider that runs code:
#
#   E2B_API_KEY=… examples/configure-e2b.sh
#
# E2B_TEMPLATE is taken too; "sandport configure e2b --help" lists all variables and options.
# Nothing is stored unless the connection works. SANDPORT_SETTINGS says where; options are handed on, for example --json.
set -eu

# The key is stored sealed, which takes a master key. One that is there already, wherever it comes from, is kept.
if [ -z "${SANDPORT_MASTER_KEY:-}${SANDPORT_MASTER_KEY_FILE:-}${SANDPORT_MASTER_KEY_COMMAND:-}" ]; then
  settings="${SANDPORT_SETTINGS:-${XDG_CONFIG_HOME:-$HOME/.config}/sandport/settings.sqlite}"
  [ -e "$settings.key" ] || npx sandport secrets create-key
fi

exec npx sandport configure e2b --from-env --use "$@"
