// usage: kernel-client.mjs JSII-RUNTIME PACKAGE…, in a folder with PACKAGE.tgz for each, `-` for `/`
//
// Does what the generated code of Python, Java and Go does. Requests and answers of the kernel are JSON, one per line.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** An error that the kernel answers. */
class KernelError extends Error {}

class Kernel {
  constructor(runtime) {
    this.process = spawn(process.execPath, [runtime], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.implementations = new Map();
  }

  /** Returns the version of the runtime, which is its first message. */
  async hello() {
    return (await this.read()).hello;
  }

  /** Sends a request and returns its answer. Meanwhile the kernel may call methods that this side implements. */
  async request(request) {
    this.write(request);
    for (;;) {
      const { ok, error, name, callback } = await this.read();
      if (callback) this.write({ complete: this.run(callback) });
      else if (error !== undefined) throw Object.assign(new KernelError(error), { name });
      else return ok;
    }
  }

  load(name, version) {
    return this.request({ api: 'load', name, version, tarball: resolve(tarballOf(name)) });
  }

  create(fqn, ...args) {
    return this.request({ api: 'create', fqn, args });
  }

  /** Creates an object of this side that implements an interface. */
  async implement(fqn, methods) {
    const overrides = Object.keys(methods).map((method) => ({ method }));
    const object = await this.request({ api: 'create', fqn: 'Object', interfaces: [fqn], overrides });
    this.implementations.set(object['$jsii.byref'], methods);
    return object;
  }

  async invoke(objref, method, ...args) {
    return (await this.request({ api: 'invoke', objref, method, args })).result;
  }

  async callStatic(fqn, method, ...args) {
    return (await this.request({ api: 'sinvoke', fqn, method, args })).result;
  }

  async get(objref, property) {
    return (await this.request({ api: 'get', objref, property })).value;
  }

  /** Ends the kernel by closing its input. */
  close() {
    this.process.stdin.end();
  }

  run({ cbid, invoke: { objref, method, args } }) {
    try {
      return { cbid, result: this.implementations.get(objref['$jsii.byref'])[method](...args) };
    } catch (error) {
      return { cbid, err: error.message };
    }
  }

  write(message) {
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  async read() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the kernel has ended');
    return JSON.parse(value);
  }
}

const tarballOf = (name) => `${name.replaceAll('/', '-')}.tgz`;

/** Encodes a value with its type, unless it is a primitive. */
const struct = (fqn, data) => ({ '$jsii.struct': { fqn, data } });
const map = (entries) => ({ '$jsii.map': entries });
const enumeration = (fqn, name) => ({ '$jsii.enum': `${fqn}/${name}` });

const [runtime, ...packages] = process.argv.slice(2);
const kernel = new Kernel(runtime);

/** Creates a chart in its own app. */
async function newChart(id) {
  const app = await kernel.create('cdk8s.App', struct('cdk8s.AppProps', {}));
  return { app, chart: await kernel.create('cdk8s.Chart', app, id, struct('cdk8s.ChartProps', { namespace: 'shop' })) };
}

function deployment(chart, id, securityContext) {
  return kernel.create('cdk8s-plus-28.Deployment', chart, id, struct('cdk8s-plus-28.DeploymentProps', {
    metadata: struct('cdk8s.ApiObjectMetadata', { name: id.toLowerCase() }),
    containers: [struct('cdk8s-plus-28.ContainerProps', {
      name: 'webapi',
      image: 'contoso.azurecr.io/webapi:1.4',
      securityContext: struct('cdk8s-plus-28.ContainerSecurityContextProps', securityContext),
    })],
  }));
}

async function sidecar(chart, props = {}) {
  return kernel.create('cdk8s-procdump.ProcDumpSidecar', chart, 'ProcDump', struct('cdk8s-procdump.ProcDumpSidecarProps', {
    image: 'contoso.azurecr.io/procdump:3.5.2',
    target: await kernel.callStatic('cdk8s-procdump.ProcDumpTarget', 'dotnet', struct('cdk8s-procdump.DotnetTargetOptions', { crashDumps: true })),
    ...props,
  }));
}

const USER = { user: 1654, group: 1654 };
const SIDECAR = 'image: contoso.azurecr.io/procdump:3.5.2';

async function proveSidecar() {
  const { app, chart } = await newChart('sidecar');
  const sizes = [await kernel.callStatic('cdk8s.Size', 'mebibytes', 512), await kernel.callStatic('cdk8s.Size', 'mebibytes', 768)];
  const procdump = await sidecar(chart, {
    triggers: [await kernel.callStatic('cdk8s-procdump.ProcDumpTrigger', 'memoryAbove', ...sizes)],
    store: await kernel.create('cdk8s-procdump.AzureFilesDumpStore', chart, 'Dumps', struct('cdk8s-procdump.AzureFilesDumpStoreProps', {
      sku: enumeration('cdk8s-procdump.AzureFilesSku', 'PREMIUM_V2_LRS'),
      tags: map({ team: 'shop' }),
    })),
  });
  await kernel.invoke(procdump, 'attachTo', await deployment(chart, 'WebApi', USER));
  const yaml = await kernel.invoke(app, 'synthYaml');

  assert.ok(yaml.includes(SIDECAR), yaml);
  assert.match(yaml, /"thresholdsMebibytes": \[\s+512,\s+768\s+\]/);
  assert.match(yaml, /kind: StorageClass[\s\S]*skuName: PremiumV2_LRS/);
  assert.match(yaml, /kind: PersistentVolumeClaim/);
  assert.match(yaml, /name: DOTNET_DbgEnableMiniDump/);
  console.log('ok: a deployment of cdk8s-plus with target, variadic trigger, enum, map and Azure Files store');

  const [attachment, ...others] = await kernel.get(procdump, 'attachments');
  assert.deepEqual(others, []);
  assert.equal(await kernel.get(attachment, 'path'), 'sidecar/WebApi/Resource');
  assert.deepEqual(await kernel.get(attachment, 'containers'), ['procdump']);
  console.log('ok: the attachments are told');
}

async function proveRawObject() {
  const { app, chart } = await newChart('raw');
  const props = struct('cdk8s.ApiObjectProps', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' });
  const rollout = await kernel.create('cdk8s.ApiObject', chart, 'Rollout', props);
  const container = { name: 'webapi', image: 'webapi:1', securityContext: { runAsUser: 1654, runAsGroup: 1654 } };
  const spec = { template: { spec: { containers: [container] } } };
  await kernel.invoke(rollout, 'addJsonPatch', await kernel.callStatic('cdk8s.JsonPatch', 'add', '/spec', spec));
  const options = struct('cdk8s-procdump.AttachOptions', { kinds: ['argoproj.io/Rollout'], podTemplatePath: 'spec.template' });
  await kernel.invoke(await sidecar(chart), 'attachTo', chart, options);

  const yaml = await kernel.invoke(app, 'synthYaml');
  assert.ok(yaml.includes(SIDECAR), yaml);
  console.log('ok: a custom resource, met in the tree of the chart');
}

async function proveStoreOfThisSide() {
  const { app, chart } = await newChart('store');
  const namespaces = [];
  const store = await kernel.implement('cdk8s-procdump.IDumpStore', {
    bindDumpStore: (namespace) => {
      namespaces.push(namespace);
      const nfs = map({ server: 'nfs.contoso.com', path: '/dumps' });
      return struct('cdk8s-procdump.DumpStoreBinding', { volume: map({ nfs }), shared: true });
    },
  });
  await kernel.invoke(await sidecar(chart, { store }), 'attachTo', await deployment(chart, 'WebApi', USER));

  const yaml = await kernel.invoke(app, 'synthYaml');
  assert.match(yaml, /- name: procdump-dumps\n\s+nfs:\n\s+server: nfs.contoso.com\n\s+path: \/dumps\n/);
  assert.match(yaml, /subPath: shop\/deployment\/webapi\n/);
  assert.deepEqual(namespaces, ['shop']);
  console.log('ok: an IDumpStore that another language implements');
}

async function proveAzure() {
  const azure = 'cdk8s-procdump.azure';
  const subscriptionId = '00000000-0000-0000-0000-000000000000';
  const network = `/subscriptions/${subscriptionId}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-aks`;
  const endpoint = struct(`${azure}.PrivateEndpointOptions`, { subnetId: `${network}/subnets/endpoints` });
  const identity = struct(`${azure}.ManagedIdentityOptions`, {
    clientId: '11111111-1111-1111-1111-111111111111',
    principalId: '22222222-2222-2222-2222-222222222222',
  });
  const terraform = await kernel.create('cdktf.App', struct('cdktf.AppConfig', {}));
  const stack = await kernel.create(`${azure}.DumpStorageStack`, terraform, 'dumps', struct(`${azure}.DumpStorageStackProps`, {
    subscriptionId,
    location: 'westeurope',
    storageAccountName: 'contosodumps',
    capacity: await kernel.callStatic('cdk8s.Size', 'gibibytes', 256),
    sku: enumeration('cdk8s-procdump.AzureFilesSku', 'PREMIUM_V2_ZRS'),
    tags: map({ team: 'shop' }),
    network: await kernel.callStatic(`${azure}.DumpStorageNetwork`, 'privateEndpoint', endpoint),
    access: await kernel.callStatic(`${azure}.DumpStorageAccess`, 'managedIdentity', identity),
  }));
  const { resource } = JSON.parse(await kernel.callStatic('cdktf.Testing', 'synth', stack));
  const [account] = Object.values(resource.azurerm_storage_account);
  assert.equal(account.account_replication_type, 'ZRS');
  assert.deepEqual(account.tags, { team: 'shop' });
  assert.equal(Object.values(resource.azurerm_storage_share)[0].quota, 256);
  console.log('ok: a stack of the submodule azure, synthesized by cdktf');

  const { app, chart } = await newChart('azure');
  const mount = struct('cdk8s-procdump.AzureFilesShareDumpStoreProps', { share: await kernel.get(stack, 'share') });
  const store = await kernel.callStatic('cdk8s-procdump.AzureFilesDumpStore', 'fromShare', chart, 'Dumps', mount);
  await kernel.invoke(await sidecar(chart, { store }), 'attachTo', await deployment(chart, 'WebApi', USER));
  assert.match(await kernel.invoke(app, 'synthYaml'), new RegExp(`storageAccount: ${account.name}\\n`));
  console.log('ok: its share, mounted by a deployment of cdk8s-plus');
}

async function messageOf(promise) {
  const error = await promise.then(() => assert.fail('nothing was thrown'), (reason) => reason);
  assert.ok(error instanceof KernelError, error.stack);
  assert.equal(error.name, '@jsii/kernel.RuntimeError');
  return error.message;
}

async function proveErrors() {
  const { app, chart } = await newChart('errors');
  await kernel.invoke(await sidecar(chart), 'attachTo', await deployment(chart, 'WebApi', { ensureNonRoot: false }));
  assert.equal(await messageOf(kernel.invoke(app, 'synthYaml')), "Error: errors/ProcDump: Deployment 'webapi' (errors/WebApi/Resource): "
    + "the user of container 'webapi' is not known at synth, but ProcDump can dump a process only as the same user; set securityContext.runAsUser and "
    + "runAsGroup of the container or pod, or pass the image's user, for example TargetAccess.sameUser({ uid: 1654, gid: 1654 }); "
    + '`kubectl exec POD -c CONTAINER -- id` prints it, and `docker image inspect --format {{.Config.User}} IMAGE` too');
  console.log('ok: an error at synth arrives whole');

  const failing = await newChart('failing');
  const store = await kernel.implement('cdk8s-procdump.IDumpStore', { bindDumpStore: () => { throw new Error('no share left'); } });
  await kernel.invoke(await sidecar(failing.chart, { store }), 'attachTo', await deployment(failing.chart, 'WebApi', USER));
  assert.match(await messageOf(kernel.invoke(failing.app, 'synthYaml')), /no share left/);
  console.log('ok: so does an error of the other language');
}

function versionOf(name) {
  const { stdout } = spawnSync('tar', ['-xOzf', tarballOf(name), 'package/package.json'], { encoding: 'utf8' });
  return JSON.parse(stdout).version;
}

try {
  assert.match(await kernel.hello(), /^@jsii\/runtime@1\.140\.0$/);
  for (const name of packages) await kernel.load(name, versionOf(name));
  console.log('ok: the kernel loads the packages');
  await proveSidecar();
  await proveRawObject();
  await proveStoreOfThisSide();
  await proveAzure();
  await proveErrors();
} catch (error) {
  console.error(`FAILED: ${error.stack}`);
  process.exitCode = 1;
} finally {
  kernel.close();
}
