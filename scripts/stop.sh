#!/usr/bin/env bash
# Stops what startup.sh started from the current folder; after ten seconds by force.
set -euo pipefail

# One that has ended and that nobody has asked after yet ("Z") is over.
alive() {
  local state
  state="$(ps -p "$pid" -o stat= 2>/dev/null)" && [[ "$state" != Z* ]]
}

if [ ! -f mcp-server.pid ]; then
  echo "MCP 服务器未运行（找不到 pid 文件） / not running (no pid file)"
  exit 0
fi

pid="$(cat mcp-server.pid)"
rm -f mcp-server.pid
if ! ps -p "$pid" -o args= 2>/dev/null | grep -q -- ' serve --port '; then
  echo "MCP 服务器未运行 / not running"
  exit 0
fi

kill "$pid"
for _ in $(seq 1 100); do
  alive || break
  sleep 0.1
done
if kill -9 "$pid" 2>/dev/null; then
  for _ in $(seq 1 20); do
    alive || break
    sleep 0.1
  done
fi
echo "MCP 服务器已停止 / stopped"
