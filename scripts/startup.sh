#!/usr/bin/env bash
# Runs the gateway in the background with the intranet's services alone.
# CAS_SESSION is required; MCP_PORT (8123) and LOG_LEVEL (INFO) may be set. Log and pid file go to the current folder.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
program="${LARKGATE_PROGRAM:-$root/dist/larkgate.mjs}"
data="${LARKGATE_DATA:-$PWD/.byted-api}"
port="${MCP_PORT:-8123}"
node="$root/node_modules/.bin/node"
[ -x "$node" ] || node=node

fail() {
  echo "错误: $1" >&2
  echo "Error: $2" >&2
  exit 1
}

[ -n "${CAS_SESSION:-}" ] || fail "CAS_SESSION 环境变量未设置" "CAS_SESSION is not set"
[[ "$port" =~ ^[0-9]{1,5}$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] ||
  fail "MCP_PORT 必须是 1 到 65535 的整数" "MCP_PORT must be a whole number from 1 to 65535"
case "${LOG_LEVEL:-INFO}" in
  DEBUG) level=debug ;;
  INFO) level=info ;;
  WARNING) level=warn ;;
  ERROR) level=error ;;
  *) fail "LOG_LEVEL 只能是 DEBUG、INFO、WARNING 或 ERROR" "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR" ;;
esac
[ -f "$program" ] || fail "找不到 $program，请先运行 npm run build" "$program is missing: run npm run build first"

# A pid may belong to somebody else by now: only a gateway counts.
if [ -f mcp-server.pid ]; then
  pid="$(cat mcp-server.pid)"
  if ps -p "$pid" -o args= 2>/dev/null | grep -q -- ' serve --port '; then
    fail "MCP 服务器已在运行，进程 ID: $pid" "the MCP server runs already, process id: $pid"
  fi
  rm -f mcp-server.pid
fi

# What is written holds no secret, and is nobody else's to read all the same.
umask 077
mkdir -p "$data"
printf '{ "psm": { "enabled": true }, "tools": { "enabled": [] }, "log": { "level": "%s" } }\n' "$level" >"$data/settings.json"

# The line of --json has the client key in it, which must not end up in a log.
nohup "$node" "$program" serve --port "$port" --data "$data" --json >/dev/null 2>mcp-server.log </dev/null &
pid=$!
echo "$pid" >mcp-server.pid

ready='fetch("http://127.0.0.1:" + process.argv[1] + "/healthz").then(() => process.exit(0), () => process.exit(1))'
for _ in $(seq 1 60); do
  if ! kill -0 "$pid" 2>/dev/null; then
    rm -f mcp-server.pid
    fail "MCP 服务器没有启动，原因见 mcp-server.log" "the MCP server did not start; mcp-server.log says why"
  fi
  if "$node" -e "$ready" "$port"; then
    echo "MCP 服务器已启动，进程 ID: $pid"
    echo "地址 / Address: http://127.0.0.1:$port/mcp"
    echo "日志文件: mcp-server.log"
    echo "客户端密钥 / A key for a client: $node $program keys add NAME --data $data"
    exit 0
  fi
  sleep 0.25
done
kill "$pid" 2>/dev/null || true
rm -f mcp-server.pid
fail "MCP 服务器没有及时启动，原因见 mcp-server.log" "the MCP server did not become ready in time; mcp-server.log says why"
