// Runs graphql-http's server audits against the address given, with the API key given, and prints them as JSON.
import { auditServer } from "graphql-http";

const [url, apiKey] = process.argv.slice(2);

function fetchAsCaller(address, { headers, ...rest } = {}) {
  return fetch(address, { ...rest, headers: { ...headers, "x-api-key": apiKey } });
}

const results = await auditServer({ url, fetchFn: fetchAsCaller });
const shown = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
process.stdout.write(JSON.stringify(shown));
