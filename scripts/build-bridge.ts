import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packExtension } from '@anthropic-ai/mcpb';
import { build } from 'vite';
import { z } from 'zod';

/** Builds the stdio bridge into `folder`: bridge.mjs, one file, and larkgate.mcpb, which holds it for Claude Desktop. */
export async function buildBridge(folder: string): Promise<void> {
  await bundle(folder);
  const parts = join(folder, 'mcpb');
  rmSync(parts, { recursive: true, force: true });
  mkdirSync(parts, { recursive: true });
  copyFileSync(join(folder, 'bridge.mjs'), join(parts, 'bridge.mjs'));
  cpSync('resources/icons/icon.png', join(parts, 'icon.png'), { force: true });
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify(manifest(), undefined, 2));
  const packed = await packExtension({ extensionPath: parts, outputPath: join(folder, 'larkgate.mcpb'), silent: true });
  rmSync(parts, { recursive: true, force: true });
  if (!packed) throw new Error('The manifest of the .mcpb is not valid');
}

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      // Claude Desktop runs it on a Node of its own.
      target: 'node20',
      outDir: resolve(folder),
      emptyOutDir: false,
      minify: true,
      rollupOptions: {
        input: { bridge: 'src-main/bridge/bridge.ts' },
        output: { format: 'es', entryFileNames: '[name].mjs', codeSplitting: false },
      },
    },
  });
}

/** Manifest 0.3 of https://github.com/modelcontextprotocol/mcpb. The key is no part of it: the bridge reads it from a file. */
function manifest(): object {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
  return {
    manifest_version: '0.3',
    name: 'larkgate',
    display_name: 'LarkGate',
    version,
    description: 'Feishu and Lark tools, as the person signed in to LarkGate on this computer.',
    long_description:
      'Connects Claude Desktop to the LarkGate that runs on this computer. Connect Claude Desktop on the Connect page of LarkGate first; no key or token has to be pasted.\n\n把 Claude Desktop 连接到本机运行的 LarkGate。请先在 LarkGate 的“连接”页连接 Claude Desktop，无需粘贴任何密钥或令牌。',
    author: { name: 'LarkGate' },
    license: 'MIT',
    icon: 'icon.png',
    server: {
      type: 'node',
      entry_point: 'bridge.mjs',
      mcp_config: {
        command: 'node',
        args: ['${__dirname}/bridge.mjs', '--client', 'claude-desktop', '--data', '${user_config.data_folder}'],
      },
    },
    user_config: {
      data_folder: {
        type: 'directory',
        title: 'Data folder / 数据目录',
        description:
          'Leave empty for the LarkGate application. Set it only when LarkGate runs with --data. / 使用 LarkGate 应用时留空；只有用 --data 运行时才需要填写。',
        required: false,
      },
    },
    tools_generated: true,
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: '>=20.0.0' } },
  };
}

if (import.meta.main) await buildBridge(process.argv[2] ?? 'dist');
