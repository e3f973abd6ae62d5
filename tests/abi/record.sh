#!/bin/sh
# Records the C headers of the SDK as they are: from here on they only grow. Run it for a release, and whenever a new
# interface is finished; never to silence the test that compares (docs/abi-policy.md).
set -eu
exec /usr/bin/python3 "$(dirname "$0")/abi.py" record
