/** Terraform JSON without what differs by the version of the libraries and of the provider, and by the folder. */
export function comparable(terraform) {
  const bare = JSON.parse(JSON.stringify(terraform, (key, value) => (key === '//' ? undefined : value)));
  delete bare.terraform.required_providers.azurerm.version;
  delete bare.terraform.backend.local.path;
  return bare;
}
