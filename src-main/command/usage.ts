/** What `larkgate help` prints. */
export const usage = `larkgate – 个人飞书 MCP 网关 / a personal MCP gateway for Feishu/Lark

larkgate serve [--sandbox] [--signed-out] [--port N|0]
    启动网关。--sandbox 使用内置的模拟飞书，并登录一位演示用户（--signed-out 则不登录）。
    Starts the gateway. --sandbox uses the built-in stand-in for Feishu with a demo person signed in
    (not with --signed-out).
larkgate login [--device|--browser|--token] [--app ID] [--account WHO] [--scope S]... [--lark]
    登录。没有应用时先扫码创建一个。--device 扫码或打开链接（默认）；--browser 回到本机；--token 从标准输入读取
    user_access_token，两小时有效。--account 让该账号重新登录或补充权限。
    Signs in; without an app it creates one first by a scan. --device: scan or open a link (the default);
    --browser: back to this machine; --token: a user_access_token from standard input, good for two hours.
    --account signs that person in again, or has them grant --scope.
larkgate accounts [list | default WHO]
larkgate logout [WHO | --all]
larkgate renew [WHO | --all]
    查看账号、设默认账号、退出、立即续期。WHO 是账号 ID 或姓名。 / WHO is an account's id or name.
larkgate app [list | create [--name NAME] [--lark] | add ID [--lark] | default ID | forget ID]
    管理应用。add 从标准输入读取 App Secret。 / Manages apps. add reads the app secret from standard input.
larkgate doctor [--app ID]
    检查应用配置、账号和本机，说明缺什么、到哪里改。有错误时退出码为 1。
    Checks the app's configuration, the accounts and this machine; says what is missing and where to mend it.
    Exits with 1 when something is wrong.
larkgate connect [CLIENT] [--undo] [--dry-run] [--replace]
    把 LarkGate 写入 AI 客户端的配置（保留注释和格式，有备份，可撤销）；不带参数列出客户端。
    Puts LarkGate into an AI client's configuration: comments and format stay, a backup is kept, --undo takes it out.
    Without CLIENT it lists them.
larkgate keys [list | add NAME | revoke ID]
    管理客户端密钥；新密钥只显示一次。 / Manages client keys; a new one is shown once.
larkgate version | help

所有命令 / every command: [--data DIR] [--json] [--sandbox]
    --json: 标准输出每行一个 JSON 对象，其余输出到标准错误。 / one JSON object a line on stdout; the rest goes to stderr.
    命令会使用正在运行的网关；没有运行时直接在数据目录上工作。
    A command works through the gateway that runs on the data folder, or on the folder itself when none does.

FEISHU_APP_ID, FEISHU_APP_SECRET: 应用凭据，也可写在 .env 中。 / The app's credentials, also read from .env.
LARKGATE_KEY: 64 位十六进制主密钥（默认存于数据目录）。 / Master key, 64 hex digits (default: a file beside the data).
LARKGATE_DATA: 数据目录，默认 ./data。 / The data folder, ./data by default.
`;
