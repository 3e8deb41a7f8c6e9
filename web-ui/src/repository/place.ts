import type { CreateRepository, RepositoryPlace } from '../api/model';

export interface RepositoryFields {
  name: string;
  kind: 'directory' | 's3';
  directory: string;
  bucket: string;
  prefix: string;
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  hostStyle: boolean;
  encrypted: boolean;
  passphrase: string;
  again: string;
  keepKey: boolean;
}

export function emptyFields(directory: string): RepositoryFields {
  return {
    name: '',
    kind: 'directory',
    directory,
    bucket: '',
    prefix: '',
    endpoint: '',
    region: '',
    accessKey: '',
    secretKey: '',
    hostStyle: false,
    encrypted: true,
    passphrase: '',
    again: '',
    keepKey: false,
  };
}

export function toPlace(fields: RepositoryFields): RepositoryPlace {
  if (fields.kind === 'directory') return { type: 'directory', directory: fields.directory.trim() };
  const given = Object.fromEntries(
    (['prefix', 'endpoint', 'region', 'accessKey', 'secretKey'] as const)
      .map((name) => [name, fields[name].trim()] as const)
      .filter(([, value]) => value !== ''),
  );
  const pathStyle = fields.endpoint.trim() === '' ? {} : { pathStyle: !fields.hostStyle };
  return { type: 's3', bucket: fields.bucket.trim(), ...given, ...pathStyle };
}

export function toCreation(fields: RepositoryFields, recoveryKey?: string): CreateRepository {
  const { name, encrypted, passphrase, keepKey } = fields;
  return {
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    place: toPlace(fields),
    ...(encrypted ? { encryption: { passphrase, keepKey, ...(recoveryKey ? { recoveryKey } : {}) } } : {}),
  };
}

/** The API's field names in terms of the form. */
export function inForm(field: string): string {
  return field.replace(/^(place|encryption)\./, '');
}
