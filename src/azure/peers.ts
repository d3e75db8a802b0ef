// Optional peer dependencies. The Azure half loads this file first, so that a missing peer causes an error with the
// command to run.
try {
  /* eslint-disable @typescript-eslint/no-require-imports */
  require('cdktf');
  require('@cdktf/provider-azurerm/lib/provider');
} catch (error) {
  throw new Error(
    'cdk8s-procdump/azure needs cdktf and its azurerm provider, which the rest of the package does not need, and ' +
      `cannot load them: ${(error as Error).message.split('\n')[0]}; run npm install cdktf@0.21 ` +
      '@cdktf/provider-azurerm@14',
  );
}
