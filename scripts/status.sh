#!/usr/bin/env bash
# Says whether what startup.sh started from the current folder still runs.
set -euo pipefail

if [ ! -f mcp-server.pid ]; then
  echo "MCP 服务器未运行（找不到 pid 文件） / not running (no pid file)"
  exit 0
fi

pid="$(cat mcp-server.pid)"
args="$(ps -p "$pid" -o args= 2>/dev/null || true)"
if [[ "$args" == *" serve --port "* ]]; then
  port="${args#* serve --port }"
  echo "MCP 服务器运行中，进程 ID: $pid / running"
  echo "端口: ${port%% *}"
  echo "日志文件: mcp-server.log"
else
  echo "MCP 服务器未运行（进程不存在） / not running (no such process)"
fi
