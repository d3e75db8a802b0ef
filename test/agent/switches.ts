import fc from 'fast-check';
import { planWatches } from '../../src/capture/watches';
import { possible } from '../capture/arbitrary-triggers';
import { switchesOf } from '../capture/switches';

/* Prints watches of arbitrary triggers with their switches by the model of the tests, for the tests of the agent. */

for (const { triggers, options } of fc.sample(possible, 2000)) {
  const { cooldownSeconds, dumpMask = '' } = options;
  for (const watch of planWatches(triggers, options)) {
    console.log(JSON.stringify({ dumpMask, cooldownSeconds, watch, words: switchesOf(watch, options) }));
  }
}
