import { spawn } from 'child_process';
import { join } from 'path';

const NOT_RUN = 77;

/** Returns the output of the script. If it cannot run here, sets the exit code and returns undefined. */
export async function runAgentBench(script: string, args: string[]): Promise<string | undefined> {
  const child = spawn('bash', [script, ...args], { cwd: join(__dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code === NOT_RUN) {
    process.exitCode = NOT_RUN;
    return undefined;
  }
  if (code !== 0) throw new Error(`${script} ended with ${code}`);
  return output;
}
