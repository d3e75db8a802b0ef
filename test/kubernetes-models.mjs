// Validates Kubernetes objects with the models of kubernetes-models, which is a package of ES modules alone: one JSON object a line comes
// in, and for each a line goes out: null, or a JSON string that says what is wrong.
import { createInterface } from 'node:readline';

const models = new Map();

async function modelOf({ apiVersion, kind }) {
  const key = `${apiVersion}/${kind}`;
  if (!models.has(key)) models.set(key, (await import(`kubernetes-models/${key}`))[kind]);
  return models.get(key);
}

for await (const line of createInterface({ input: process.stdin })) {
  const object = JSON.parse(line);
  let problem = null;
  try {
    const Model = await modelOf(object);
    new Model(object).validate();
  } catch (error) {
    problem = `${error.message}`;
  }
  process.stdout.write(`${JSON.stringify(problem)}\n`);
}
