import fc from 'fast-check';
import { planWatches } from '../../src/capture/watches';
import { possible } from '../capture/arbitrary-triggers';
import { switchesOf } from '../capture/switches';

/* Prints watches of arbitrary triggers with their switches by the model of the tests, for the tests of the agent. */

for (const { triggers, runtime, dumpMask } of fc.sample(possible, 2000)) {
  for (const watch of planWatches(triggers, runtime)) {
    console.log(JSON.stringify({ dumpMask: dumpMask ?? '', watch, words: switchesOf(watch, dumpMask) }));
  }
}
