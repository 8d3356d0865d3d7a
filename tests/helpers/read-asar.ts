import { readFileSync } from 'node:fs';

interface AsarFolder {
  files: Record<string, AsarFolder | AsarFile>;
}

interface AsarFile {
  size: number;
  /** Bytes from the end of the header. */
  offset: string;
}

/** The files of an archive and what is in them. */
export function readAsar(path: string): Map<string, Buffer> {
  const archive = readFileSync(path);
  const headerSize = archive.readUInt32LE(4);
  const textLength = archive.readUInt32LE(12);
  const root: AsarFolder = JSON.parse(archive.toString('utf8', 16, 16 + textLength));
  const found = new Map<string, Buffer>();
  const walk = ({ files }: AsarFolder, above: string) => {
    for (const [name, entry] of Object.entries(files)) {
      if ('files' in entry) walk(entry, `${above}${name}/`);
      else {
        const begin = 8 + headerSize + Number(entry.offset);
        found.set(above + name, archive.subarray(begin, begin + entry.size));
      }
    }
  };
  walk(root, '');
  return found;
}
