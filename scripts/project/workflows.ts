import { YamlFile, type Project } from 'projen';

// Actions are pinned by commit, because a tag can be moved. Dependabot proposes newer ones.
const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1'; // v7.0.1
const SETUP_NODE = 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020'; // v4.4.0
const UPLOAD = 'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a'; // v7.0.1
const DOWNLOAD = 'actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c'; // v8.0.1
const SETUP_QEMU = 'docker/setup-qemu-action@29109295f81e9208d7d86ff1c6c12d2833863392'; // v3.6.0
const SETUP_BUILDX = 'docker/setup-buildx-action@e468171a9de216ec08956ac3ada2f0791b6bd435'; // v3.11.1
const LOGIN = 'docker/login-action@74a5d142397b4f367a81961eba4e8cd7edddf772'; // v3.4.0
const BUILD_IMAGE = 'docker/build-push-action@263435318d21b8e681c14492fe198d362a7d2c83'; // v6.18.0
const SETUP_COSIGN = 'sigstore/cosign-installer@398d4b0eeef1380460a10c8013a76f728fb906ac'; // v3.9.1

/** The manifest of each dump contains the agent's version. A build of the image has access only to its folder. */
export const AGENT_VERSION = 'image/agent/internal/manifest/VERSION';

const RUNNER = 'ubuntu-24.04'; // has the tools of all languages
const READ = { contents: 'read' };
/** The oldest Node that the library supports. All tests run on it. */
const OLDEST_NODE = 20;
/** npm publishes without a token from Node 24 on. */
const RELEASE_NODE = 24;

const checkout = { uses: CHECKOUT, with: { 'persist-credentials': false } };
const checkoutWithTags = { uses: CHECKOUT, with: { 'persist-credentials': false, 'fetch-depth': 0 } };
const node = (version: number | string) => ({ uses: SETUP_NODE, with: { 'node-version': version } });

/** Tests each change. Needs no secret, so that it also runs in a fork. */
function buildWorkflow(project: Project): void {
  new YamlFile(project, '.github/workflows/build.yml', {
    obj: {
      name: 'build',
      on: { push: { branches: ['main'] }, pull_request: {} },
      permissions: READ,
      jobs: {
        test: {
          'runs-on': RUNNER,
          strategy: { 'fail-fast': false, matrix: { node: [OLDEST_NODE, 22, 24] } },
          steps: [checkout, node('${{ matrix.node }}'), { run: 'npm ci && npm test' }, { run: 'npm run lint' }],
        },
        prove: {
          'runs-on': RUNNER,
          'timeout-minutes': 60,
          steps: [checkoutWithTags, node(OLDEST_NODE), { run: '.ci/run' }, { run: 'npm run compat' }],
        },
      },
    },
  });
}

/** Steps that build the library as published: with its version, and with links that work on the page of a registry. */
const compiled = [
  checkout,
  node(RELEASE_NODE),
  { run: 'npm ci' },
  { run: 'npm version "${GITHUB_REF_NAME#v}" --no-git-tag-version' },
  { run: 'npx tsx scripts/release/readme.ts "$GITHUB_REF_NAME"' },
  { run: 'npm run compile' },
];

/** Publishes a tag. In a fork, everything runs except publishing to package registries. */
function releaseWorkflow(project: Project, repository: string): void {
  const published = `github.repository == '${repository}'`;
  new YamlFile(project, '.github/workflows/release.yml', {
    obj: {
      name: 'release',
      on: { push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } },
      permissions: READ,
      jobs: {
        prove: {
          'runs-on': RUNNER,
          'timeout-minutes': 60,
          steps: [
            checkoutWithTags,
            node(OLDEST_NODE),
            { name: 'The changelog has the version', run: 'grep -F "## [${GITHUB_REF_NAME#v}]" CHANGELOG.md' },
            { run: '.ci/run' },
            { run: 'npm run compat -- "${GITHUB_REF_NAME#v}"' },
          ],
        },
        package: {
          needs: 'prove',
          'runs-on': RUNNER,
          steps: [
            ...compiled,
            { run: 'npm run package:js' },
            { uses: UPLOAD, with: { name: 'npm', path: 'dist/js/*.tgz' } },
          ],
        },
        npm: npmJob(published),
        languages: languagesJob(published),
        image: imageJob(),
        release: {
          needs: ['package', 'npm', 'image'],
          // `npm` is skipped in a fork.
          if: "!cancelled() && needs.image.result == 'success' && needs.npm.result != 'failure'",
          'runs-on': RUNNER,
          permissions: { contents: 'write' },
          steps: [
            { uses: DOWNLOAD, with: { name: 'npm' } },
            {
              run: 'gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes ./*.tgz',
              env: { GITHUB_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}' },
            },
          ],
        },
      },
    },
  });
}

/** @see https://docs.npmjs.com/trusted-publishers */
const npmJob = (published: string) => ({
  needs: 'package',
  if: published,
  'runs-on': RUNNER,
  permissions: { ...READ, 'id-token': 'write' },
  steps: [
    node(RELEASE_NODE),
    { uses: DOWNLOAD, with: { name: 'npm' } },
    { run: 'npm publish --provenance --access public ./*.tgz' },
  ],
});

/** The variable contains languages, for example `["python", "dotnet"]`. */
const languagesJob = (published: string) => ({
  needs: 'package',
  if: `${published} && vars.PUBLISH_LANGUAGES`,
  'runs-on': RUNNER,
  permissions: { ...READ, 'id-token': 'write' },
  strategy: { 'fail-fast': false, matrix: { language: '${{ fromJSON(vars.PUBLISH_LANGUAGES) }}' } },
  steps: [
    ...compiled,
    { run: 'npm run package:${{ matrix.language }}' },
    {
      run: 'npx --yes publib@0.2.1061 dist',
      env: {
        PYPI_TRUSTED_PUBLISHER: '1',
        NUGET_TRUSTED_PUBLISHER: '1',
        NUGET_USERNAME: '${{ vars.NUGET_USERNAME }}',
        MAVEN_SERVER_ID: 'central-ossrh',
        MAVEN_USERNAME: '${{ secrets.MAVEN_USERNAME }}',
        MAVEN_PASSWORD: '${{ secrets.MAVEN_PASSWORD }}',
        MAVEN_GPG_PRIVATE_KEY: '${{ secrets.MAVEN_GPG_PRIVATE_KEY }}',
        MAVEN_GPG_PRIVATE_KEY_PASSPHRASE: '${{ secrets.MAVEN_GPG_PRIVATE_KEY_PASSPHRASE }}',
        GITHUB_TOKEN: '${{ secrets.GO_GITHUB_TOKEN }}', // writes to the repository of the Go module
      },
    },
  ],
});

/** The image `<ProcDump>-<library>` for two architectures, with SBOM, provenance and a signature without a key. */
const imageJob = () => ({
  needs: 'prove',
  'runs-on': RUNNER,
  permissions: { ...READ, packages: 'write', 'id-token': 'write' },
  steps: [
    checkout,
    {
      id: 'name',
      run: [
        'version=${GITHUB_REF_NAME#v}',
        `echo "$version" > ${AGENT_VERSION}`,
        "procdump=$(sed -n 's/^ARG PROCDUMP_VERSION=//p' image/Dockerfile)",
        'image=ghcr.io/${GITHUB_REPOSITORY_OWNER,,}/procdump',
        'printf \'%s\\n\' "image=$image" "tag=$procdump-$version" >> "$GITHUB_OUTPUT"',
      ].join('\n'),
    },
    { uses: SETUP_QEMU },
    { uses: SETUP_BUILDX },
    { uses: SETUP_COSIGN },
    {
      uses: LOGIN,
      with: { registry: 'ghcr.io', username: '${{ github.actor }}', password: '${{ github.token }}' },
    },
    {
      id: 'build',
      uses: BUILD_IMAGE,
      with: {
        context: 'image',
        platforms: 'linux/amd64,linux/arm64',
        push: true,
        sbom: true,
        provenance: 'mode=max',
        tags: '${{ steps.name.outputs.image }}:${{ steps.name.outputs.tag }}',
        labels: [
          'org.opencontainers.image.source=${{ github.server_url }}/${{ github.repository }}',
          'org.opencontainers.image.revision=${{ github.sha }}',
          'org.opencontainers.image.version=${{ steps.name.outputs.tag }}',
        ].join('\n'),
      },
    },
    {
      name: 'Sign the image',
      run: 'cosign sign --yes "$IMAGE@$DIGEST"',
      env: { IMAGE: '${{ steps.name.outputs.image }}', DIGEST: '${{ steps.build.outputs.digest }}' },
    },
  ],
});

function dependabot(project: Project): void {
  const weekly = { schedule: { interval: 'weekly' }, groups: { all: { patterns: ['*'] } } };
  new YamlFile(project, '.github/dependabot.yml', {
    obj: {
      version: 2,
      updates: [
        { 'package-ecosystem': 'npm', directory: '/', ...weekly, 'versioning-strategy': 'increase' },
        { 'package-ecosystem': 'github-actions', directory: '/', ...weekly },
        { 'package-ecosystem': 'docker', directory: '/image', ...weekly },
      ],
    },
  });
}

/** Adds the workflows of a repository: `<owner>/<name>`. */
export function addWorkflows(project: Project, repository: string): void {
  buildWorkflow(project);
  releaseWorkflow(project, repository);
  dependabot(project);
}
