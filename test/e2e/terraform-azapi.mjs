// The part of the azapi provider's schema that ArmUpdate uses, written BY HAND from its documentation, because there
// are no bindings with the schema. Names, types and required arguments are checked against it. Only Azure checks the
// content of `body`.
//
// https://registry.terraform.io/providers/Azure/azapi/latest/docs/resources/update_resource
const required = (name, type) => ({ name, type, required: true, optional: false, computed: false });
const optional = (name, type, computed = false) => ({ name, type, required: false, optional: true, computed });
const computed = (name, type) => ({ name, type, required: false, optional: false, computed: true });

const STRINGS = ['list', 'string'];
const HEADERS = ['map', 'string'];
const PARAMETERS = ['map', STRINGS];

const TIMEOUTS = {
  name: 'timeouts', nesting: 'SINGLE', minItems: 0, maxItems: 0,
  block: { attributes: ['create', 'delete', 'read', 'update'].map((name) => optional(name, 'string')), blocks: [] },
};

const RETRY = {
  name: 'retry', required: false, optional: true, computed: false,
  object: [
    required('error_message_regex', STRINGS),
    ...['interval_seconds', 'max_interval_seconds', 'multiplier', 'randomization_factor'].map((name) => optional(name, 'number')),
  ],
};

export const azapiSchema = {
  provider: {
    attributes: [
      ...['subscription_id', 'tenant_id', 'client_id', 'environment', 'default_location', 'default_name'].map((name) => optional(name, 'string')),
      ...['use_cli', 'use_msi', 'use_oidc', 'skip_provider_registration'].map((name) => optional(name, 'bool')),
      optional('auxiliary_tenant_ids', STRINGS),
      optional('default_tags', HEADERS),
    ],
    blocks: [],
  },
  resources: {
    azapi_update_resource: {
      attributes: [
        required('type', 'string'),
        ...['name', 'parent_id', 'resource_id'].map((name) => optional(name, 'string', true)),
        optional('body', 'dynamic', true),
        optional('sensitive_body', 'dynamic'),
        optional('sensitive_body_version', HEADERS),
        optional('locks', STRINGS),
        ...['ignore_casing', 'ignore_missing_property'].map((name) => optional(name, 'bool', true)),
        optional('ignore_null_property', 'bool', true),
        optional('response_export_values', 'dynamic'),
        ...['read_headers', 'update_headers'].map((name) => optional(name, HEADERS)),
        ...['read_query_parameters', 'update_query_parameters'].map((name) => optional(name, PARAMETERS)),
        computed('id', 'string'),
        computed('output', 'dynamic'),
        RETRY,
      ],
      blocks: [TIMEOUTS],
    },
  },
};
