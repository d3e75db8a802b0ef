import fc from 'fast-check';
import {
  anything,
  averageCpu,
  dumpsNeeded,
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
  withLimits,
} from './arbitrary-triggers';
import { SwitchOptions, switchesOf } from './switches';
import { planWatches, Watch } from '../../src/capture/watches';
import { misread, parse } from '../procdump-grammar';

/** The commands, or why there are none. */
function outcome({ triggers, options }: Wish): { commands: Watch[]; refusal?: string } {
  try {
    return { commands: planWatches(triggers, options) };
  } catch (error) {
    return { commands: [], refusal: (error as Error).message };
  }
}

/** As the agent completes it: with the memory that a percent of the limit stands for, the process and the folder. */
function completed(watch: Watch, options: SwitchOptions): string[] {
  return [
    ...switchesOf(watch, options).map((argument) =>
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
    holds(possible, ({ triggers, options }) => {
      const answers = planWatches(triggers, options).map((command) => parse(completed(command, options)));
      expect(answers.filter(({ accepted }) => !accepted)).toEqual([]);
    }));

  test('ProcDump misreads no command', () =>
    holds(possible, ({ triggers, options }) => {
      expect(planWatches(triggers, options).flatMap((command) => misread(completed(command, options)))).toEqual([]);
    }));

  test('order and repetition say nothing, not even for a refusal', () => {
    const shuffled = fc
      .oneof(possible, anything)
      .chain((wish) =>
        fc.tuple(
          fc.constant(wish),
          fc.shuffledSubarray([...wish.triggers, ...wish.triggers], { minLength: 2 * wish.triggers.length }),
        ),
      );
    holds(shuffled, ([wish, triggers]) => expect(outcome({ ...wish, triggers })).toEqual(outcome(wish)));
  });

  test('at most one process has the profiler', () => {
    const profilers = fc.array(fc.oneof(onException, onGcHeap, onGcGeneration, threads), { maxLength: 4 });
    holds(
      profilers.chain((triggers) => withLimits('dotnet', triggers, dumpsNeeded(triggers))),
      (wish) => {
        expect(outcome(wish).commands.filter(({ profiler }) => profiler).length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('a native process is watched by one process at most', () => {
    const natives = fc.array(fc.oneof(averageCpu, memory, threads, fileDescriptors, every, onSignal), { maxLength: 4 });
    holds(
      natives.chain((triggers) => withLimits('native', triggers, dumpsNeeded(triggers))),
      (wish) => {
        expect(outcome(wish).commands.length).toBeLessThanOrEqual(1);
      },
    );
  });

  test('each process has a folder of its own', () =>
    holds(possible, ({ triggers, options }) => {
      const folders = planWatches(triggers, options).map(({ name }) => name);
      expect(folders).toEqual([...new Set(folders)]);
    }));

  test('there are no more polling processes than the switch that is needed most', () =>
    holds(possible, ({ triggers, options }) => {
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
      expect(planWatches(triggers, options).filter(({ name }) => name.startsWith('polling'))).toHaveLength(needed);
    }));
});
