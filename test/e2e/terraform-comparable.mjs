/**
 * Returns Terraform JSON without the parts that depend on the versions of the libraries and provider, and on the
 * folder.
 */
export function comparable(terraform) {
  const bare = JSON.parse(JSON.stringify(terraform, (key, value) => (key === '//' ? undefined : value)));
  delete bare.terraform.required_providers.azurerm.version;
  delete bare.terraform.backend.local.path;
  return bare;
}
