import fc from 'fast-check';
import {
  anything,
  averageCpu,
  every,
  fileDescriptors,
  memory,
  onException,
  onGcGeneration,
  onGcHeap,
  onSignal,
  possible,
  threads,
  Wish,
  wish,
} from './arbitrary-triggers';
import { switchesOf } from './switches';
import { dumpsOf, planWatches, Watch } from '../../src/capture/watches';
import { misread, parse } from '../procdump-grammar';

/** The commands, or why there are none. */
function outcome({ triggers, runtime }: Wish): { commands: Watch[]; refusal?: string } {
  try {
    return { commands: planWatches(triggers, runtime) };
  } catch (error) {
    return { commands: [], refusal: (error as Error).message };
  }
}

/** As the agent completes it: with the memory that a percent of the limit stands for, the process and the folder. */
function completed(watch: Watch, dumpMask?: string): string[] {
  return [
    ...switchesOf(watch, dumpMask).map((argument) =>
      /^\d+%(,\d+%)*$/.test(argument) ? argument.replace(/%/g, '') : argument,
    ),
    '1234',
    '/dumps',
  ];
}

describe('for every list of triggers', () => {
  const holds = <A>(arbitrary: fc.Arbitrary<A>, predicate: (value: A) => void) =>
    fc.assert(fc.property(arbitrary, predicate), { numRuns: 200 });

  test('ProcDump accepts each command', () =>
    holds(possible, ({ triggers, runtime, dumpMask }) => {
      const answers = planWatches(triggers, runtime).map((command) => parse(completed(command, dumpMask)));
      expect(answers.filter(({ accepted }) => !accepted)).toEqual([]);
    }));

  test('ProcDump misreads no command', () =>
    holds(possible, ({ triggers, runtime, dumpMask }) => {
      expect(planWatches(triggers, runtime).flatMap((command) => misread(completed(command, dumpMask)))).toEqual([]);
    }));

  test('order and repetition say nothing, not even for a refusal', () => {
    const shuffled = fc
      .oneof(possible, anything)
      .chain((given) =>
        fc.tuple(
          fc.constant(given),
          fc.shuffledSubarray([...given.triggers, ...given.triggers], { minLength: 2 * given.triggers.length }),
        ),
      );
    holds(shuffled, ([given, triggers]) => expect(outcome({ ...given, triggers })).toEqual(outcome(given)));
  });

  test('at most one process has the profiler', () => {
    const profilers = fc.array(fc.oneof(onException, onGcHeap, onGcGeneration, threads), { maxLength: 4 });
    holds(
      profilers.chain((triggers) => wish('dotnet', triggers)),
      (given) => {
        expect(outcome(given).commands.filter(({ profiler }) => profiler).length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('a native process is watched by one process at most', () => {
    const natives = fc.array(fc.oneof(averageCpu, memory, threads, fileDescriptors, every, onSignal), { maxLength: 4 });
    holds(
      natives.chain((triggers) => wish('native', triggers)),
      (given) => {
        expect(outcome(given).commands.length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('each process has a folder of its own', () =>
    holds(possible, ({ triggers, runtime }) => {
      const folders = planWatches(triggers, runtime).map(({ name }) => name);
      expect(folders).toEqual([...new Set(folders)]);
    }));

  test('there are no more polling processes than the switch that is needed most', () =>
    holds(possible, ({ triggers, runtime }) => {
      const wanted = [...new Set(triggers.map(({ _name, _spec }) => `${_name} ${JSON.stringify(_spec)}`))];
      const times = (factory: RegExp) => wanted.filter((trigger) => factory.test(trigger)).length;
      const lists = [/^memoryAbove /, /^memoryBelow /, /^memoryAboveLimit /].filter((factory) => times(factory) > 0);
      const needed = Math.max(
        times(/^averageCpu/),
        lists.length,
        times(/^threads/),
        times(/^fileDescriptors/),
        Math.ceil(times(/^(cpu|counter)/) / 5),
      );
      expect(planWatches(triggers, runtime).filter(({ name }) => name.startsWith('polling'))).toHaveLength(needed);
    }));

  test('each threshold and each other trigger has its place in the limit', () =>
    holds(possible, ({ triggers, runtime }) => {
      const distinct = new Map(triggers.map(({ _spec }) => [JSON.stringify(_spec), _spec]));
      const merged = [...distinct.values()].filter(({ kind }) => kind !== 'exception' && kind !== 'signal');
      const needed = merged.reduce((sum, spec) => {
        if ('thresholds' in spec) return sum + spec.thresholds.length;
        if (spec.kind === 'timer') return sum + (spec.count ?? 1);
        return sum + (spec.kind === 'gcGeneration' ? 2 : 1);
      }, 0);
      const ofOneWatch = ['exception', 'signal'].filter((kind) => triggers.some(({ _spec }) => _spec.kind === kind));
      const places = dumpsOf(planWatches(triggers, runtime)).reduce((sum, { dumps }) => sum + dumps, 0);
      expect(places).toBe(needed + ofOneWatch.length);
    }));
});
