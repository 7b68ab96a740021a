#!/bin/sh
# Sets up Alibaba Cloud AgentRun in one line, tests the connection, and chooses it as the provider that runs code:
#
#   AGENTRUN_ACCESS_KEY_ID=… AGENTRUN_ACCESS_KEY_SECRET=… AGENTRUN_ACCOUNT_ID=… examples/configure-aliyun.sh
#
# AGENTRUN_REGION, AGENTRUN_TEMPLATE_NAME and AGENTRUN_SECURITY_TOKEN are taken too; "sandport configure aliyun --help" lists them all.
# Nothing is stored unless the connection works. SANDPORT_SETTINGS says where; options are handed on, for example --json.
set -eu

# The secret is stored sealed, which takes a master key. One that is there already, wherever it comes from, is kept.
if [ -z "${SANDPORT_MASTER_KEY:-}${SANDPORT_MASTER_KEY_FILE:-}${SANDPORT_MASTER_KEY_COMMAND:-}" ]; then
  settings="${SANDPORT_SETTINGS:-${XDG_CONFIG_HOME:-$HOME/.config}/sandport/settings.sqlite}"
  [ -e "$settings.key" ] || npx sandport secrets create-key
fi

exec npx sandport configure aliyun --from-env --use "$@"
