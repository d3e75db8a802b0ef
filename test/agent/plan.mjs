// Prints a plan of contract 3 from short options, so that a test shows only what matters to it. The arguments after
// --watch NAME are its triggers, in the syntax of ProcDump's switches.
const plan = { limits: {}, retention: {}, watches: [] };
const store = {};
const options = {
  '--runtime': (v) => (plan.runtime = v),
  '--container': (v) => (plan.container = v),
  '--process-name': (v) => (plan.processName = v),
  '--dump-directory': (v) => (plan.dumpDirectory = v),
  '--dump-mask': (v) => (plan.dumpMask = v),
  '--dumps-per-process': (v) => (plan.limits.dumpsPerProcess = Number(v)),
  '--dumps-per-pod': (v) => (plan.limits.dumpsPerPod = Number(v)),
  '--cooldown': (v) => (plan.limits.cooldownSeconds = Number(v)),
  '--spool-size': (v) => (plan.spoolMebibytes = Number(v)),
  '--store': (v) => (store.directory = v),
  '--drain-timeout': (v) => (store.drainTimeoutSeconds = Number(v)),
  '--store-size': (v) => (store.mebibytes = Number(v)),
  '--retain-age': (v) => (plan.retention.ageSeconds = Number(v)),
  '--retain-count': (v) => (plan.retention.count = Number(v)),
  '--retain-mib': (v) => (plan.retention.mebibytes = Number(v)),
};
const words = process.argv.slice(2);
while (words.length > 0 && words[0] !== '--watch') {
  const option = words.shift();
  if (option === '--crash-dumps') plan.crashDumps = true;
  else options[option](words.shift());
}
while (words.length > 0) {
  words.shift();
  const name = words.shift();
  const end = words.indexOf('--watch');
  plan.watches.push(watch(name, words.splice(0, end < 0 ? words.length : end)));
}
if (store.directory) plan.store = store;
console.log(JSON.stringify(plan, null, 2));

function watch(name, given) {
  const result = { name, triggers: [] };
  const add = (trigger) => result.triggers.push({ dumps: 1, repeats: true, ...trigger });
  for (let at = 0; at < given.length; ) {
    const word = given[at++];
    const value = () => given[at++];
    const list = () => value().split(',');
    // -n gives the number of dumps of a timer.
    if (word === '-n') add({ kind: 'timer', intervalSeconds: 1, dumps: Number(value()), repeats: undefined });
    else if (word === '-m' || word === '-ml') {
      const thresholds = list();
      const percents = thresholds[0].endsWith('%');
      add({
        kind: 'memory',
        dumps: thresholds.length,
        repeats: undefined,
        ...(word === '-ml' ? { below: true } : {}),
        [percents ? 'thresholdsPercentOfLimit' : 'thresholdsMebibytes']: thresholds.map((t) => Number(t.replace('%', ''))),
      });
    } else if (word === '-pc') add({ kind: 'counter', counter: value(), threshold: Number(value()) });
    else if (word === '-tc') add({ kind: 'threads', count: Number(value()) });
    else if (word === '-fc') add({ kind: 'fileDescriptors', count: Number(value()) });
    else if (word === '-every') add({ kind: 'timer', intervalSeconds: Number(value()) });
    else if (word === '-sig') {
      result.leavesTargetStopped = true;
      add({ kind: 'signal', signals: list().map(Number) });
    } else if (word === '-gcm') {
      const [heap, sizes] = value().split(':');
      const thresholdsMebibytes = sizes.split(',').map(Number);
      result.profiler = true;
      add({ kind: 'gcHeap', heap, dumps: thresholdsMebibytes.length, repeats: undefined, thresholdsMebibytes });
    } else if (word === '-gcgen') {
      result.profiler = true;
      add({ kind: 'gcGeneration', dumps: 2, repeats: undefined, generation: Number(value()) });
    } else if (word === '-e') {
      result.profiler = true;
      add({ kind: 'exception' });
    } else if (word === '-f') result.triggers.at(-1).exceptions = list();
    else throw new Error(`unknown word ${word}`);
  }
  if (result.triggers.length === 0) add({ kind: 'timer', intervalSeconds: 1 });
  return result;
}
