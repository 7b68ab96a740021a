#!/bin/sh
# Sets up a service that speaks E2B's protocol, here the FC Agent Sandbox of Alibaba Cloud, and chooses it:
#
#   E2B_API_KEY=… examples/configure-e2b-compatible.sh --region cn-hangzhou
#
# The key is the one of that service. An installation of your own is a domain, or two addresses; a later --service counts:
#
#   E2B_API_KEY=… examples/configure-e2b-compatible.sh --service custom --domain sandbox.example.com --template python
#
# docs/providers/e2b.md says how each service is reached. Nothing is stored unless the connection works.
set -eu

exec "$(dirname "$0")/configure-e2b.sh" --service aliyun-fc "$@"
